import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Host } from '../kernel';
import { deployedApis } from './deployed';
import { parseRequest, type Target } from './parse';
import { respond, respondForbidden } from './respond';
import { run } from './run';

export { compile, type Deployed, deployedApis } from './deployed';
export type { Target } from './parse';

/** Answers an HTTP request to a deployed API. */
export async function handleExecuteApi(
  host: Host,
  target: Target,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const deployed = await deployedApis(host).find(host, target.apiId, target.stage);
  if (!deployed) {
    req.resume();
    respondForbidden(host, res);
    return;
  }
  const domainName = `${target.apiId}.execute-api.${deployed.region}.amazonaws.com`;
  const { request, fault } = await parseRequest(target, req, domainName);
  const { exchange, response } = await run(host, deployed, request, { fault });
  respond(exchange, response, res);
  host.parts.events.emit({
    type: 'http',
    at: exchange.startedAt,
    requestId: exchange.requestId,
    target: `${target.apiId}/${target.stage}`,
    method: request.method,
    path: request.path,
    status: response.status,
    millis: host.clock.millis() - exchange.startedAt,
    trace: exchange.trace,
  });
}
