import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../gateway/body';
import { AwsError, type Host, type Principal } from '../kernel';
import { Uploads } from './uploads';

/**
 * The registry that Docker pushes to, before ECR: `/v2/<account>/<region>/<repository>/…`.
 * https://distribution.github.io/distribution/spec/api/
 *
 * Images stay in the Docker that pushes, which is the one that runs them: layers are checked and let go, manifests
 * become ECR's. So an image can be pushed from this machine only, and pulled where its layers are.
 */
export async function handleRegistry(
  host: Host,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const caller = identify(host, request.headers.authorization);
  if (!caller) {
    response.setHeader('WWW-Authenticate', 'Basic realm="tierkit",service="ecr.amazonaws.com"');
    return refuse(
      response,
      401,
      'UNAUTHORIZED',
      'Your authorization token is missing or has expired. Log in again.',
    );
  }
  if (path === '/v2/' || path === '/v2') return answer(response, 200, {});
  const [, account, region, name, kind, rest = ''] =
    /^\/v2\/(\d{12})\/([a-z0-9-]+)\/(.+?)\/(blobs|manifests)\/(.*)$/.exec(path) ?? [];
  if (account === undefined || region === undefined || name === undefined) {
    request.resume();
    return refuse(response, 404, 'NAME_UNKNOWN', `No repository is at ${path}`);
  }
  const place = { name, root: `/v2/${account}/${region}/${name}`, as: { as: caller, account, region } };
  try {
    if (kind === 'manifests') await manifests(host, place, rest, request, response);
    else await blobs(host, place, rest, request, response);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    request.resume();
    refuse(response, STATUS[error.code] ?? error.status ?? 400, CODES[error.code] ?? 'DENIED', error.message);
  }
}

interface Place {
  name: string;
  root: string;
  as: { as: Principal; account: string; region: string };
}

const CODES: Record<string, string> = {
  RepositoryNotFoundException: 'NAME_UNKNOWN',
  ImageTagAlreadyExistsException: 'TAG_INVALID',
  LayersNotFoundException: 'MANIFEST_BLOB_UNKNOWN',
  InvalidParameterException: 'MANIFEST_INVALID',
};
const STATUS: Record<string, number> = { RepositoryNotFoundException: 404 };

/** What GetAuthorizationToken gave: a session of whoever asked for it. */
function identify(host: Host, authorization = ''): Principal | undefined {
  const [, encoded] = /^Basic (\S+)$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const [, id, token] = /^AWS:([^.]+)\.(.+)$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  const key = id === undefined ? undefined : host.parts.identity.find(id);
  if (!key?.sessionToken || key.sessionToken !== token) return undefined;
  return (key.expiresAt ?? 0) > host.clock.millis() ? key.principal : undefined;
}

async function manifests(
  host: Host,
  { name: repositoryName, root, as }: Place,
  reference: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const imageId = reference.startsWith('sha256:') ? { imageDigest: reference } : { imageTag: reference };
  if (request.method === 'PUT') {
    const imageManifest = (await readBody(request, 4 * 1024 * 1024)).toString('utf8');
    const mediaType = request.headers['content-type'];
    const digest = await put(
      host,
      {
        repositoryName,
        imageManifest,
        ...imageId,
        ...(mediaType ? { imageManifestMediaType: mediaType } : {}),
      },
      as,
    );
    return answer(response, 201, {
      Location: `${root}/manifests/${digest}`,
      'Docker-Content-Digest': digest,
    });
  }
  const found = await host.invoke('ecr', 'BatchGetImage', { repositoryName, imageIds: [imageId] }, as);
  const [image] = found.images ?? [];
  if (!image) return refuse(response, 404, 'MANIFEST_UNKNOWN', 'Requested image not found');
  const text = image.imageManifest ?? '';
  answer(
    response,
    200,
    {
      'Content-Type': image.imageManifestMediaType ?? '',
      'Content-Length': String(Buffer.byteLength(text)),
      'Docker-Content-Digest': image.imageId?.imageDigest ?? '',
    },
    request.method === 'HEAD' ? undefined : text,
  );
}

/** A push of what is there already is none. */
async function put(host: Host, input: Parameters<typeof putInput>[0], as: Place['as']): Promise<string> {
  const { repositoryName } = input;
  try {
    const { image } = await host.invoke('ecr', 'PutImage', putInput(input), as);
    return image?.imageId?.imageDigest ?? '';
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ImageAlreadyExistsException') throw error;
    const [, digest = ''] = /digest '(sha256:[0-9a-f]+)'/.exec(error.message) ?? [];
    await host.invoke('ecr', 'DescribeImages', { repositoryName, imageIds: [{ imageDigest: digest }] }, as);
    return digest;
  }
}

const putInput = (input: {
  repositoryName: string;
  imageManifest: string;
  imageManifestMediaType?: string;
  imageTag?: string;
  imageDigest?: string;
}) => input;

async function blobs(
  host: Host,
  { name, root, as }: Place,
  rest: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const uploads = host.memo('registry.uploads', () => new Uploads());
  const url = new URL(request.url ?? '/', 'http://registry');
  const digest = url.searchParams.get('digest') ?? undefined;
  const [, upload] = /^uploads\/([^/]*)$/.exec(rest) ?? [];
  if (upload === undefined) {
    const size = uploads.sizeOf(root, rest);
    if (request.method === 'HEAD' && size !== undefined)
      return answer(response, 200, { 'Content-Length': String(size), 'Docker-Content-Digest': rest });
    return refuse(
      response,
      404,
      'BLOB_UNKNOWN',
      `tierkit's registry keeps no layers: ${rest} is in the Docker that pushed it`,
    );
  }
  if (request.method === 'POST') {
    // Who pushes to a repository that is not there learns it before the first byte.
    await host.invoke('ecr', 'DescribeRepositories', { repositoryNames: [name] }, as);
  }
  const id = request.method === 'POST' ? uploads.start(host.ids.uuid()) : upload;
  if (!uploads.has(id)) {
    request.resume();
    return refuse(response, 404, 'BLOB_UPLOAD_UNKNOWN', 'This upload is not known');
  }
  const received = await uploads.receive(id, request);
  if (request.method === 'PUT' || (request.method === 'POST' && digest !== undefined)) {
    if (!digest || !uploads.finish(id, root, digest))
      return refuse(response, 400, 'DIGEST_INVALID', 'The digest does not match what was uploaded');
    return answer(response, 201, { Location: `${root}/blobs/${digest}`, 'Docker-Content-Digest': digest });
  }
  answer(response, 202, {
    Location: `${root}/blobs/uploads/${id}`,
    'Docker-Upload-UUID': id,
    Range: `0-${Math.max(0, received - 1)}`,
  });
}

function answer(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body?: string,
): void {
  response.writeHead(status, {
    'Docker-Distribution-Api-Version': 'registry/2.0',
    ...(headers['Content-Length'] === undefined ? { 'Content-Length': '0' } : {}),
    ...headers,
  });
  response.end(body);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  const body = JSON.stringify({ errors: [{ code, message }] });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) };
  answer(response, status, headers, body);
}
