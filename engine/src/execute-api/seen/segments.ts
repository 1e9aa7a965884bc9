import { flagsOf, type SegmentDocument, seconds, segmentDelivery } from '../../observe/tracing';
import type { ApiResponse, Exchange } from '../exchange';
import { ORIGIN, segmentName, stageArn, type TracedCall, type Tracing } from '../tracing';

/** Adds a call to what is told of the request; without a status nothing came back. */
export function traceCall(
  { host, tracing }: Exchange,
  ran: { id: string; call: TracedCall; startedAt: number; status: number | undefined; length: number },
): void {
  if (!tracing) return;
  const { call, id, length, startedAt, status } = ran;
  tracing.parts.push({
    id,
    name: call.name,
    start_time: seconds(startedAt),
    end_time: seconds(host.clock.millis()),
    ...(status === undefined ? { fault: true } : flagsOf(status)),
    http: {
      request: { url: call.url, method: call.method },
      ...(status === undefined ? {} : { response: { status, content_length: length } }),
    },
    ...(call.aws ? { aws: call.aws } : {}),
    namespace: call.namespace,
  });
}

/**
 * Tells X-Ray of a request that is answered.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-understanding-xray-traces.html
 */
export function sendSegment(exchange: Exchange, tracing: Tracing, { status }: ApiResponse): void {
  const { deployed, host } = exchange;
  const { account, region } = deployed;
  // By its service-linked role: nobody need permit it.
  const as = host.parts.identity.servicePrincipal('apigateway.amazonaws.com', account);
  segmentDelivery(host).add({ account, region, as }, segmentOf(exchange, tracing, status));
}

function segmentOf(exchange: Exchange, tracing: Tracing, status: number): SegmentDocument {
  const { deployed, extendedRequestId, host, request, requestId, startedAt } = exchange;
  const { apiId } = deployed.snapshot;
  const { stageName = '' } = deployed.stage;
  const { id, parent, parts, root, rule } = tracing;
  const userAgent = request.headers.get('user-agent');
  const query = new URLSearchParams(request.query.map(([name, value]) => [name, value])).toString();
  return {
    id,
    name: segmentName(deployed),
    start_time: seconds(startedAt),
    trace_id: root,
    end_time: seconds(host.clock.millis()),
    ...(parent === undefined ? {} : { parent_id: parent }),
    ...flagsOf(status),
    http: {
      request: {
        url: `https://${request.domainName}${request.stagePath}${query && `?${query}`}`,
        method: request.method,
        ...(userAgent === undefined ? {} : { user_agent: userAgent }),
        client_ip: request.sourceIp,
        x_forwarded_for: true,
      },
      // AWS does not say more than this, however long the body is.
      response: { status, content_length: 0 },
    },
    aws: {
      ...(rule === undefined ? {} : { xray: { sampling_rule_name: rule } }),
      api_gateway: {
        account_id: deployed.account,
        rest_api_id: apiId,
        stage: stageName,
        request_id: requestId,
      },
    },
    annotations: { 'aws:api_id': apiId, 'aws:api_stage': stageName },
    metadata: { default: { extended_request_id: extendedRequestId, request_id: requestId } },
    origin: ORIGIN,
    resource_arn: stageArn(deployed),
    ...(parts.length > 0 ? { subsegments: parts } : {}),
  };
}
