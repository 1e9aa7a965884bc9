import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateDeploymentCommand,
  type PatchOperation,
  PutIntegrationResponseCommand,
  PutMethodResponseCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import type { TestApi } from './support';

/** An endpoint that says which version of itself answered what; `/status/404` with that status. */
export class Endpoint {
  version = 1;
  calls = 0;
  /** Called with the answer to `/held`, when it is due. */
  holds: (answer: () => void) => void = (answer) => answer();

  private constructor(
    readonly url: string,
    readonly close: () => void,
  ) {}

  static async start(): Promise<Endpoint> {
    const server = createServer((req, res) => {
      endpoint.calls += 1;
      const url = req.url ?? '';
      const size = Number(/^\/bytes\/(\d+)/.exec(url)?.[1] ?? 0);
      const status = Number(/^\/status\/(\d+)/.exec(url)?.[1] ?? 200);
      res.writeHead(status, { 'content-type': 'text/plain', 'x-version': String(endpoint.version) });
      const body = size > 0 ? Buffer.alloc(size, endpoint.version) : `${endpoint.version} ${url}`;
      if (url === '/held') endpoint.holds(() => res.end(body));
      else res.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = new Endpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
      server.closeAllConnections();
      server.close();
    });
    return endpoint;
  }
}

/** A method that hands its requests to the endpoint; named parameters are declared and tell responses apart. */
export async function passOn(
  api: TestApi,
  endpoint: Endpoint,
  path: string,
  { httpMethod = 'GET', keys = [] as string[], namespace = undefined as string | undefined } = {},
) {
  const parameters = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => `path.${name}`);
  return api.method(
    httpMethod,
    path,
    {
      type: 'HTTP_PROXY',
      integrationHttpMethod: httpMethod,
      uri: endpoint.url + path.replace('+', ''),
      requestParameters: Object.fromEntries(
        parameters.map((name) => [`integration.request.${name}`, `method.request.${name}`]),
      ),
      cacheKeyParameters: keys.map((key) => `method.request.${key}`),
      cacheNamespace: namespace,
    },
    {
      requestParameters: Object.fromEntries(
        [...keys, ...parameters].map((key) => [`method.request.${key}`, false]),
      ),
    },
  );
}

export async function answering(api: TestApi, path: string, template: string) {
  const where = await api.method('GET', path, {
    type: 'MOCK',
    requestTemplates: { 'application/json': '{"statusCode":200}' },
  });
  await api.bed.api.send(new PutMethodResponseCommand({ ...where, statusCode: '200' }));
  const responseTemplates = { 'application/json': template };
  await api.bed.api.send(
    new PutIntegrationResponseCommand({ ...where, statusCode: '200', responseTemplates }),
  );
  return where;
}

export const update = (api: TestApi, ...patchOperations: PatchOperation[]) =>
  api.bed.api.send(new UpdateStageCommand({ restApiId: api.id, stageName: 'prod', patchOperations }));

export const set = (path: string, value: string): PatchOperation => ({ op: 'replace', path, value });

/** Deploys with a cache for the GET methods. */
export async function deployCached(api: TestApi, ...patches: PatchOperation[]): Promise<void> {
  await api.bed.api.send(
    new CreateDeploymentCommand({ restApiId: api.id, stageName: 'prod', cacheClusterEnabled: true }),
  );
  await update(api, set('/*/*/caching/enabled', 'true'), ...patches);
}

export async function text(api: TestApi, path: string, init?: RequestInit): Promise<string> {
  return (await api.fetch(path, init)).text();
}
