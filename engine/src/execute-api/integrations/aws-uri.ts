/**
 * What an integration of type AWS or AWS_PROXY names:
 * `arn:aws:apigateway:{region}:{subdomain.service|service}:{path|action}/{service_api}`.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html#apigw-PutIntegration-request-uri
 */
export interface AwsUri {
  region: string;
  /** As the endpoint is called: `s3`, `dynamodb`, `monitoring`. */
  service: string;
  subdomain?: string;
  by: 'path' | 'action';
  /** Behind `path/` or `action/`. */
  api: string;
}

const URI = /^arn:[\w-]+:apigateway:([\w${}.-]+):((?:[\w.-]|\$?\{[\w.]+\})+):(path|action)\/(.*)$/s;

export function parseAwsUri(uri: string): AwsUri | undefined {
  const [, region, name = '', by, api = ''] = URI.exec(uri) ?? [];
  if (region === undefined || (by !== 'path' && by !== 'action')) return undefined;
  const dot = name.lastIndexOf('.');
  const service = name.slice(dot + 1);
  return { region, service, ...(dot > 0 && { subdomain: name.slice(0, dot) }), by, api };
}

/** Endpoints that are not called as their service is here. */
const ENDPOINTS: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

export const serviceNameOf = ({ service }: AwsUri): string => ENDPOINTS[service] ?? service;

const INVOCATION = /^2015-03-31\/functions\/(.+)\/invocations$/s;
const STREAMED = /^2021-11-15\/functions\/(.+)\/response-streaming-invocations$/s;

/** The function that is invoked; undefined for anything else of Lambda, or of another service. */
export function invokedFunction({ service, by, api }: AwsUri): string | undefined {
  return service === 'lambda' && by === 'path' ? INVOCATION.exec(api)?.[1] : undefined;
}

/** The function whose response is streamed. */
export function streamedFunction({ service, by, api }: AwsUri): string | undefined {
  return service === 'lambda' && by === 'path' ? STREAMED.exec(api)?.[1] : undefined;
}

/** Credentials that stand for whoever calls the method. */
export const CALLER = /^arn:[\w-]+:iam::\*:user\/\*$/;
