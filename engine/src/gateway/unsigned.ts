import indexOfModels from '../../models/index.json';

/**
 * The service of a request that carries no signature: told by its target header or its action; S3 otherwise,
 * which alone takes anonymous requests to any path.
 */
export function serviceOfUnsigned(headers: Record<string, string>, body: Uint8Array | undefined): string {
  const target = headers['x-amz-target'];
  if (target) {
    const prefix = target.slice(0, target.lastIndexOf('.'));
    for (const [name, model] of Object.entries<{ targetPrefix?: string }>(indexOfModels)) {
      if (model.targetPrefix === prefix) return name;
    }
  }
  if (body) {
    const version = new URLSearchParams(Buffer.from(body).toString('latin1')).get('Version');
    for (const [name, model] of Object.entries<{ apiVersion?: string; protocols: string[] }>(indexOfModels)) {
      if (
        version &&
        model.apiVersion === version &&
        model.protocols.some((protocol) => /query/i.test(protocol))
      )
        return name;
    }
  }
  return 's3';
}
