import { isAwsError, type Principal } from '../kernel';
import type { Exchange } from './exchange';
import { internalError } from './faults';

const URI = /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/;

interface Invocation {
  /** A function's ARN, bare or within the URI of Lambda's API; it may have stage variables in it. */
  uri: string;
  event: unknown;
  /** What API Gateway says that it calls for. */
  sourceArn: string;
  /** A role to call as, instead of being let in by the function's policy. */
  credentials: string | undefined;
}

export interface Invoked {
  payload: string;
  requestId: string;
  /** Why there is no payload that counts. */
  failed?: string;
  /** Of a function that threw: what its error says. */
  errorMessage?: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-permissions */
export async function invokeFunction(exchange: Exchange, invocation: Invocation): Promise<Invoked> {
  const { deployed, host } = exchange;
  const variables = deployed.stage.StageVariables;
  const uri = invocation.uri.replace(
    /\$\{stageVariables\.(\w+)\}/g,
    (_all, name: string) => variables?.[name] ?? '',
  );
  const functionArn = URI.exec(uri)?.[1] ?? uri;
  const parts = functionArn.split(':');
  const requestId = host.ids.uuid();
  try {
    const output = await host.invoke(
      'lambda',
      'Invoke',
      {
        FunctionName: functionArn,
        InvocationType: 'RequestResponse',
        Payload: Buffer.from(JSON.stringify(invocation.event)),
      },
      {
        as: await callerOf(exchange, invocation),
        region: parts[3] || deployed.region,
        account: parts[4] || deployed.account,
        trace: exchange.trace,
      },
    );
    const payload = Buffer.from(output.Payload ?? []).toString('utf8');
    if (!output.FunctionError) return { payload, requestId };
    const errorMessage = messageOf(payload);
    return {
      payload,
      requestId,
      failed: `The Lambda function returned the following error: ${errorMessage ?? payload}. Check your Lambda function code and try again.`,
      ...(errorMessage === undefined ? {} : { errorMessage }),
    };
  } catch (error) {
    if (!isAwsError(error)) throw error;
    const isForbidden = error.code === 'AccessDeniedException';
    const failed = isForbidden
      ? "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again."
      : `Lambda answered ${error.code}: ${error.message}`;
    return { payload: '', requestId, failed };
  }
}

function messageOf(payload: string): string | undefined {
  try {
    const error: unknown = JSON.parse(payload);
    const message: unknown =
      typeof error === 'object' && error !== null ? Reflect.get(error, 'errorMessage') : undefined;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

async function callerOf(
  { deployed, host }: Exchange,
  { credentials, sourceArn }: Invocation,
): Promise<Principal> {
  const { account } = deployed;
  const service = host.parts.identity.servicePrincipal('apigateway.amazonaws.com', account, {
    sourceArn,
    sourceAccount: account,
  });
  if (credentials === undefined) return service;
  try {
    const { Credentials } = await host.invoke(
      'sts',
      'AssumeRole',
      { RoleArn: credentials, RoleSessionName: 'BackplaneAssumeRoleSession' },
      { as: service, account, region: deployed.region },
    );
    const session = host.parts.identity.find(Credentials?.AccessKeyId ?? '');
    if (session) return session.principal;
  } catch (error) {
    if (!isAwsError(error)) throw error;
  }
  throw internalError(`API Gateway may not take the role ${credentials}`);
}
