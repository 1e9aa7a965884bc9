import type { Host } from '../kernel';
import {
  formatTraceHeader,
  newSegmentId,
  newTraceId,
  parseTraceHeader,
  type Sampler,
  type SegmentDocument,
  samplerOf,
} from '../observe/tracing';
import type { Deployed } from './deployed';
import type { ApiRequest, Exchange } from './exchange';

/** A request that X-Ray is told of, and what it led to so far. */
export interface Tracing {
  root: string;
  /** What the caller says it is a part of. */
  parent: string | undefined;
  id: string;
  /** The sampling rule that chose it, where the caller had not decided. */
  rule: string | undefined;
  /** Names the call of the integration: what it leads to hangs on it. */
  callId: string;
  /** Set once the integration is about to be called. */
  call?: TracedCall;
  parts: SegmentDocument[];
}

/** A call as its part of the segment shows it. */
export interface TracedCall {
  name: string;
  namespace: 'aws' | 'remote';
  url: string;
  method: string;
  aws?: Record<string, unknown>;
}

/** The rules, where the stage is traced and the caller has not decided. */
export function samplerFor(
  host: Host,
  deployed: Deployed,
  request: ApiRequest,
): Promise<Sampler> | undefined {
  if (!deployed.stage.tracingEnabled) return undefined;
  if (parseTraceHeader(request.headers.get('x-amzn-trace-id'))?.sampled !== undefined) return undefined;
  return samplerOf(host, deployed);
}

/**
 * A caller's trace and decision go on, whether the stage is traced or not; else a new trace begins.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enabling-xray.html#apigateway-tracing-modes
 */
export function beginTrace(
  host: Host,
  deployed: Deployed,
  request: ApiRequest,
  options: { sampler?: Sampler | undefined; tested: boolean },
): { trace: string; tracing?: Tracing } {
  const text = request.headers.get('x-amzn-trace-id');
  const given = parseTraceHeader(text);
  const decision = options.sampler?.decide(host, {
    serviceName: segmentName(deployed),
    serviceType: ORIGIN,
    host: request.domainName,
    method: request.method,
    resourceArn: stageArn(deployed),
    attribute: (name) => request.headers.get(name),
  });
  const root = given?.root ?? newTraceId(host);
  const sampled = decision?.sampled ?? given?.sampled;
  if (!sampled || options.tested) {
    if (given && text !== undefined && !decision) return { trace: text };
    return {
      trace: formatTraceHeader({ root, parent: given?.parent, sampled: decision ? false : undefined }),
    };
  }
  const callId = newSegmentId(host);
  const tracing = {
    root,
    parent: given?.parent,
    id: newSegmentId(host),
    rule: decision?.rule,
    callId,
    parts: [],
  };
  return { trace: formatTraceHeader({ root, parent: callId, sampled: true }), tracing };
}

export const ORIGIN = 'AWS::ApiGateway::Stage';

/** Names have only some signs. https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html */
export const validName = (text: string): string =>
  text.replace(/[^\p{L}\p{N}\s_.:/%&#=+\\\-@]/gu, '').slice(0, 200) || '-';

export const segmentName = ({ snapshot, stage }: Deployed): string =>
  validName(`${snapshot.name}/${stage.stageName}`);

export const stageArn = ({ region, snapshot, stage }: Deployed): string =>
  `arn:aws:apigateway:${region}::/restapis/${snapshot.apiId}/stages/${stage.stageName}`;

/** What the integration is about to call. */
export function tracedAs({ tracing }: Exchange, call: () => TracedCall): void {
  if (tracing) tracing.call = call();
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-understanding-xray-traces.html */
export function functionCall(functionArn: string, region: string): TracedCall {
  const name = functionArn.split(':')[6] ?? functionArn;
  return {
    name: 'Lambda',
    namespace: 'aws',
    url: `https://lambda.${region}.amazonaws.com/2015-03-31/functions/${functionArn}/invocations`,
    method: 'POST',
    aws: { function_name: name, region, operation: 'Invoke', resource_names: [name] },
  };
}

/** Each path of an endpoint is a service to X-Ray: https://docs.aws.amazon.com/xray/latest/devguide/xray-services-apigateway.html */
export function endpointCall(url: URL, method: string): TracedCall {
  return {
    name: validName(`${url.host}${url.pathname}`),
    namespace: 'remote',
    url: `${url.origin}${url.pathname}`,
    method,
  };
}
