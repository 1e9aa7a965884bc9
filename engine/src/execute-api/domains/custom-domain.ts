import type { IncomingMessage, ServerResponse } from 'node:http';
import { route } from '../../gateway/route';
import type { Host } from '../../kernel';
import { handleExecuteApi } from '../index';
import { respondForbidden } from '../respond';
import { customDomains, mappingOf } from './domains';

/** Whether who connects under this name of TLS has to show a certificate. */
export async function asksForCertificate(host: Host, serverName: string): Promise<boolean> {
  const way = route(serverName, '/', undefined);
  if (way.to !== 'aws' || way.stranger === undefined) return false;
  const domain = await customDomains(host).find(host, way.stranger);
  return domain?.truststore !== undefined;
}

/**
 * Answers a request to a custom domain of an API; false for a name that is none.
 * @param path raw
 */
export async function handleCustomDomain(
  host: Host,
  name: string,
  path: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  const domain = await customDomains(host).find(host, name);
  if (!domain) return false;
  const { mappings, truststore } = domain;
  const client =
    truststore && (await import('../truststores/client')).clientOf(host, name, truststore, req.socket);
  const mapped = mappingOf(mappings, path);
  if (!mapped || (truststore && !client)) {
    req.resume();
    respondForbidden(host, res);
    return true;
  }
  const { apiId, below, key, stage, stageInPath } = mapped;
  const target = {
    apiId,
    stage,
    path: below,
    below,
    domain: { name, key, ...(stageInPath && { stageInPath }), ...(client && { client }) },
  };
  await handleExecuteApi(host, target, req, res);
  return true;
}
