import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Host } from '../kernel';
import { logAccess } from './access-log';
import { httpApis } from './deployed';
import { chooseStage, parseRequest } from './parse';
import { respond } from './respond';
import { run } from './run';

/**
 * Answers an HTTP request to an HTTP API; false where there is none of that id.
 * @param below the path below the API's name, raw
 */
export async function handleHttpApi(
  host: Host,
  { apiId, below }: { apiId: string; below: string },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  const api = await httpApis(host).find(host, apiId);
  if (!api) return false;
  const at = below.startsWith('/') ? below : `/${below}`;
  const chosen = api.closed ? undefined : chooseStage(api, at);
  if (!chosen) {
    req.resume();
    const status = api.closed ? 403 : 404;
    const body = `{"message":"${api.closed ? 'Forbidden' : 'Not Found'}"}`;
    res.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
    return true;
  }
  const { request, fault } = await parseRequest(chosen, req);
  const { exchange, response } = await run(host, chosen.deployed, request, fault);
  logAccess(exchange, response);
  respond(exchange, response, res);
  host.parts.events.emit({
    type: 'http',
    at: exchange.startedAt,
    requestId: exchange.requestId,
    target: `${apiId}/${chosen.deployed.stage.StageName}`,
    method: request.method,
    path: request.path,
    status: response.status,
    millis: host.clock.millis() - exchange.startedAt,
    trace: exchange.trace,
  });
  return true;
}
