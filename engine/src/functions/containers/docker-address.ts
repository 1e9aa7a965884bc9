import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a Docker Engine listens. */
export type DockerAddress =
  | { socketPath: string }
  | { host: string; port: number; tls?: { ca: Buffer; cert: Buffer; key: Buffer } };

/** No Docker, or none that can be used: says what to do about it. */
export class DockerUnavailable extends Error {}

/**
 * As the docker command finds it: DOCKER_HOST, the context in use, then the sockets of the usual installations.
 * https://docs.docker.com/reference/cli/docker/#environment-variables
 */
export function dockerAddress(
  environment: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): DockerAddress {
  const config = environment.DOCKER_CONFIG ?? join(home, '.docker');
  const named = environment.DOCKER_HOST || contextHost(config, environment.DOCKER_CONTEXT);
  if (named) return parse(named, environment, config);
  const runtime = environment.XDG_RUNTIME_DIR;
  const sockets = [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.colima/default/docker.sock'),
    join(home, '.rd/docker.sock'),
    ...(runtime ? [join(runtime, 'podman/podman.sock')] : []),
  ];
  const found = sockets.find((socket) => existsSync(socket));
  if (!found)
    throw new DockerUnavailable(
      `no Docker was found (DOCKER_HOST is not set, and no socket is at ${sockets[0]})`,
    );
  return { socketPath: found };
}

/** The host of the context that `docker context use` chose. */
function contextHost(config: string, chosen: string | undefined): string | undefined {
  try {
    const { currentContext } = JSON.parse(readFileSync(join(config, 'config.json'), 'utf8')) as {
      currentContext?: string;
    };
    const name = chosen || currentContext;
    if (!name || name === 'default') return undefined;
    const folder = createHash('sha256').update(name).digest('hex');
    const meta = JSON.parse(readFileSync(join(config, 'contexts/meta', folder, 'meta.json'), 'utf8')) as {
      Endpoints?: { docker?: { Host?: string } };
    };
    return meta.Endpoints?.docker?.Host;
  } catch {
    // No configuration: the usual places.
    return undefined;
  }
}

function parse(text: string, environment: NodeJS.ProcessEnv, config: string): DockerAddress {
  if (text.startsWith('unix://')) return { socketPath: text.slice('unix://'.length) };
  let url: URL | undefined;
  try {
    url = new URL(text);
  } catch {
    // Said below.
  }
  if (!url?.hostname || !['tcp:', 'http:', 'https:'].includes(url.protocol))
    throw new DockerUnavailable(`DOCKER_HOST ${text} is neither unix:// nor tcp://`);
  const verify = Boolean(environment.DOCKER_TLS_VERIFY) || url.protocol === 'https:';
  const address = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (verify ? 2376 : 2375),
  };
  if (!verify) return address;
  const read = (file: string) => readFileSync(join(environment.DOCKER_CERT_PATH ?? config, file));
  return { ...address, tls: { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') } };
}
