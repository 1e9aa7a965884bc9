import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TargetDomain } from '../execute-api/parse';
import type { Host } from '../kernel';
import { logAccess } from './access-log';
import { httpApis } from './deployed';
import { measure } from './metrics';
import { chooseStage, parseRequest } from './parse';
import { respond } from './respond';
import { run } from './run';

interface Target {
  apiId: string;
  /** Counts where a custom domain's mapping says it; else the path does. */
  stage: string;
  /** The path below the API's name or the mapping, raw. */
  below: string;
  domain?: TargetDomain;
}

/** Answers an HTTP request to an HTTP API; false where there is none of that id. */
export async function handleHttpApi(
  host: Host,
  { apiId, below, domain, stage }: Target,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  const api = await httpApis(host).find(host, apiId);
  if (!api) return false;
  const at = below.startsWith('/') ? below : `/${below}`;
  const closed = api.closed && !domain;
  const mapped = domain && api.stages.get(stage);
  const chosen = domain ? mapped && { deployed: mapped, path: at, domain } : chooseStage(api, at);
  if (!chosen || closed) {
    req.resume();
    const status = closed ? 403 : 404;
    const body = `{"message":"${closed ? 'Forbidden' : 'Not Found'}"}`;
    res.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
    return true;
  }
  const { request, fault } = await parseRequest(chosen, req);
  const { exchange, response } = await run(host, chosen.deployed, request, fault);
  logAccess(exchange, response);
  measure(exchange, response);
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
    steps: exchange.steps,
    answered: exchange.steps.at(-1)?.[0] ?? 'parse',
  });
  return true;
}
