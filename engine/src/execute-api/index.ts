import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Host } from '../kernel';
import { chosen, deployedApis } from './deployed';
import { parseRequest, type Target } from './parse';
import { respond, respondForbidden } from './respond';
import { run } from './run';
import { logsExecution, seen } from './seen';

export { compile, type Deployed, deployedApis } from './deployed';
export type { Target } from './parse';

/** Answers an HTTP request to a deployed API. */
export async function handleExecuteApi(
  host: Host,
  target: Target,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const apis = deployedApis(host);
  const stage = apis.known(target.apiId, target.stage) ?? (await apis.find(host, target.apiId, target.stage));
  if (!stage) {
    // HTTP APIs share the names of REST APIs, and have a path of their own.
    const { handleHttpApi } = await import('../http-api');
    const below = target.below ?? `/${target.stage}${target.path}`;
    if (!target.endpoint && (await handleHttpApi(host, { ...target, below }, req, res))) return;
    req.resume();
    respondForbidden(host, res);
    return;
  }
  const deployed = chosen(host, stage);
  const ownName = `${target.apiId}.execute-api.${deployed.region}.amazonaws.com`;
  const domainName = target.domain?.name ?? target.name ?? ownName;
  const { request, fault } = await parseRequest(target, req, domainName);
  const { exchange, response } = await run(host, deployed, request, { fault, log: logsExecution(deployed) });
  seen(exchange, response, await respond(exchange, response, res));
}
