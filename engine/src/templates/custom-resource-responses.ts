import type { Host } from '../kernel';

/** What a custom resource's function sends to its ResponseURL. */
export interface CustomResourceResponse {
  Status?: unknown;
  Reason?: unknown;
  PhysicalResourceId?: unknown;
  StackId?: unknown;
  RequestId?: unknown;
  LogicalResourceId?: unknown;
  NoEcho?: unknown;
  Data?: unknown;
}

type Waiting = Map<string, (response: CustomResourceResponse | undefined) => void>;

function waiting(host: Host): Waiting {
  return host.memo('cloudformation custom resource responses', () => new Map());
}

/** Hears the answer to the request `id`; the result stops listening. `undefined` is an answer that is no JSON object. */
export function awaitResponse(
  host: Host,
  id: string,
  hear: (response: CustomResourceResponse | undefined) => void,
): () => void {
  waiting(host).set(id, hear);
  return () => waiting(host).delete(id);
}

/** The last part of the URL's path names the request, behind the stack and the resource. */
function requestId(token: string): string {
  const path = token.replace(/^\//, '').split('?')[0] ?? '';
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // Not one of ours: it will not be found.
  }
  return decoded.split('|').at(-1) ?? '';
}

/** Takes what was PUT to a ResponseURL. False where nobody waits for it: then it is refused, as a used-up URL is. */
export function handleCustomResourceResponse(host: Host, token: string, body: Uint8Array | string): boolean {
  const id = requestId(token);
  const hear = waiting(host).get(id);
  if (!hear) return false;
  waiting(host).delete(id);
  let response: CustomResourceResponse | undefined;
  try {
    const parsed: unknown = JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) response = parsed;
  } catch {
    // Told as "invalid response" below.
  }
  hear(response);
  return true;
}
