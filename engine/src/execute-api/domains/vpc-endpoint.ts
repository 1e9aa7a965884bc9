import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Host } from '../../kernel';
import type { Door } from '../../network';
import { handleExecuteApi, type Target } from '../index';
import { respondForbidden } from '../respond';
import { mappingOf } from './domains';
import { privateDomains } from './private-domains';

const API = /^([a-z0-9]+)(?:-(vpce-[0-9a-f]+))?\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$/;
const ENDPOINT = /^vpce-[a-z0-9-]+\.execute-api\.[a-z0-9-]+\.vpce\.amazonaws\.com$/;

/**
 * Answers what comes to an interface endpoint: it is for private APIs only, which are named by the host, or by a header
 * where that is the endpoint itself.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
 */
export async function handleAtEndpoint(
  host: Host,
  door: Door | undefined,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  if (!door) {
    // The endpoint is gone, and its network interface with it.
    req.socket.destroy();
    return;
  }
  const name = (req.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const [apiId, alias] = ENDPOINT.test(name) ? [header(req, 'x-apigw-api-id')] : apiOf(name, door);
  const below = (req.url ?? '/').split('?')[0] ?? '/';
  if (!apiId) {
    const target = await atDomain(host, door, name, below);
    if (target) return handleExecuteApi(host, target, req, res);
    req.resume();
    respondForbidden(host, res);
    return;
  }
  const [, stage = '', path = '/'] = /^\/([^/]*)(\/.*)?$/.exec(below) ?? [];
  const endpoint = { ...door, ...(alias === undefined ? {} : { alias }) };
  await handleExecuteApi(host, { apiId, stage, path, below, endpoint, name }, req, res);
}

/**
 * Where a custom domain that is associated with the endpoint leads.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html
 */
async function atDomain(host: Host, door: Door, name: string, path: string): Promise<Target | undefined> {
  const domain = await privateDomains(host).find(host, door, name);
  const mapped = domain && mappingOf(domain.mappings, path);
  if (!mapped) return undefined;
  const { apiId, below, key, stage, stageInPath } = mapped;
  const { arn, policy } = domain;
  const endpoint = { ...door, domain: { arn, policy } };
  return {
    apiId,
    stage,
    path: below,
    below,
    domain: { name, key, ...(stageInPath && { stageInPath }) },
    endpoint,
  };
}

function apiOf(name: string, { region }: Door): [api?: string, alias?: string] {
  const [, apiId, alias, at] = API.exec(name) ?? [];
  return apiId === undefined || at !== region ? [] : [apiId, alias];
}

const header = (req: IncomingMessage, name: string): string | undefined => [req.headers[name]].flat()[0];
