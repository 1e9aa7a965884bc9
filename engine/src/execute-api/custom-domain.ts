import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Host } from '../kernel';
import { customDomains, mappingOf } from './domains';
import { handleExecuteApi } from './index';
import { respondForbidden } from './respond';

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
  const mappings = await customDomains(host).find(host, name);
  if (!mappings) return false;
  const mapped = mappingOf(mappings, path);
  if (!mapped) {
    req.resume();
    respondForbidden(host, res);
    return true;
  }
  const { apiId, below, key, stage } = mapped;
  await handleExecuteApi(host, { apiId, stage, path: below, below, domain: { name, key } }, req, res);
  return true;
}
