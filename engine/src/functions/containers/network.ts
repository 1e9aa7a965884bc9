import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { type Docker, DockerError } from './docker';
import { DockerUnavailable } from './docker-address';

/** A folder of this process's that Docker knows by another path. */
interface Mounted {
  destination: string;
  source: string;
}

/**
 * How a container reaches the engine, which listens on loopback only:
 * - `host`: it shares this machine's network (Linux)
 * - `container`: it shares the network of the container that the engine itself runs in
 * - `gateway`: Docker runs in a virtual machine that leads `host.docker.internal` to this machine's loopback
 *   (Docker Desktop, colima, Rancher Desktop)
 */
export interface ContainerNetwork {
  kind: 'host' | 'container' | 'gateway';
  /** Docker's NetworkMode. */
  mode: string;
  /** The name under which loopback services of this machine answer in the container. */
  engineHost: string;
  /** The same path as Docker sees it. Throws where it sees no such path. */
  path(path: string): string;
  /** Of the machine that runs the containers: `x86_64` or `arm64`. */
  architecture: 'x86_64' | 'arm64';
}

interface Info {
  OperatingSystem?: string;
  Architecture?: string;
  SecurityOptions?: string[] | null;
}

export async function containerNetwork(docker: Docker): Promise<ContainerNetwork> {
  const info = await docker.call<Info>('GET', '/info');
  const architecture = /^(aarch64|arm64)/.test(info.Architecture ?? '') ? 'arm64' : 'x86_64';
  const own = insideContainer() ? await ownContainer(docker) : undefined;
  if (own) {
    return {
      kind: 'container',
      mode: `container:${own.id}`,
      engineHost: '127.0.0.1',
      path: (path) => translated(path, own.mounts),
      architecture,
    };
  }
  const same = { path: (path: string) => path, architecture } as const;
  const { address } = docker;
  if ('host' in address && !/^(127\.|localhost$|::1$)/.test(address.host)) {
    throw new DockerUnavailable(
      `Docker at ${docker.where} is another machine: its containers cannot reach this engine, which answers on loopback only`,
    );
  }
  const virtual = process.platform !== 'linux' || /Docker Desktop/.test(info.OperatingSystem ?? '');
  if (virtual) return { kind: 'gateway', mode: 'bridge', engineHost: 'host.docker.internal', ...same };
  if (info.SecurityOptions?.some((option) => option.includes('rootless'))) {
    throw new DockerUnavailable(
      `Docker at ${docker.where} is rootless: its containers cannot reach this machine's loopback, where the engine answers`,
    );
  }
  return { kind: 'host', mode: 'host', engineHost: '127.0.0.1', ...same };
}

function insideContainer(): boolean {
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv');
}

/** The container that this process runs in, if this Docker runs it. */
async function ownContainer(docker: Docker): Promise<{ id: string; mounts: Mounted[] } | undefined> {
  for (const id of ownIds()) {
    try {
      const found = await docker.call<{ Id: string; Mounts: { Source?: string; Destination: string }[] }>(
        'GET',
        `/containers/${id}/json`,
      );
      const mounts = found.Mounts.filter((mount) => mount.Source);
      return {
        id: found.Id,
        mounts: mounts.map(({ Source, Destination }) => ({ source: Source ?? '', destination: Destination })),
      };
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
    }
  }
  // Virtual machines are made of container images too, and keep their marks.
  return undefined;
}

function ownIds(): string[] {
  const ids = new Set<string>();
  for (const file of ['/proc/self/mountinfo', '/proc/self/cgroup']) {
    try {
      const text = readFileSync(file, 'utf8');
      for (const [, id] of text.matchAll(/(?:containers|docker|libpod)[-/]([0-9a-f]{64})/g))
        ids.add(id ?? '');
    } catch {
      // Not here.
    }
  }
  ids.add(hostname());
  return [...ids];
}

/** A path in one of this container's volumes, as the machine below knows it. */
function translated(path: string, mounts: readonly Mounted[]): string {
  const inside = (folder: string) => path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`);
  const [best] = mounts
    .filter((mount) => inside(mount.destination))
    .sort((a, b) => b.destination.length - a.destination.length);
  if (!best) {
    throw new DockerUnavailable(
      `${path} is in no volume of the engine's container, so that containers of functions cannot see it: mount a volume at the state folder`,
    );
  }
  return best.source + path.slice(best.destination.replace(/\/$/, '').length);
}
