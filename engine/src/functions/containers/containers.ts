import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError, type Host } from '../../kernel';
import type { CodeStore, UnpackedCode } from '../code-store';
import type { FunctionSpec } from '../functions';
import { hostsText, type PlanInput, planContainer } from './container-plan';
import { Docker, DockerError } from './docker';
import { type DockerAddress, DockerUnavailable, dockerAddress } from './docker-address';
import { Fronts } from './fronts';
import { Ownership } from './leftovers';
import { type ContainerNetwork, containerNetwork } from './network';
import { type ContainerPlan, RuntimeContainer } from './runtime-container';
import { dockerArchitecture, findImage, type ImageFacts, pullImage, runtimeImage } from './runtime-images';
import { SharedFiles } from './shared-files';

export interface ContainerOptions {
  /** Where Docker is; as the docker command finds it if left out. */
  docker?: DockerAddress;
  /** Runs functions for another architecture on this machine's. */
  ignoreArchitecture?: boolean;
  /** Images of runtimes that are not AWS's own. */
  images?: Readonly<Record<string, string>>;
}

/** A Docker that was found to be usable. */
interface Ready {
  docker: Docker;
  network: ContainerNetwork;
  shared: SharedFiles;
  ownership: Ownership;
}

/** Starts the containers that functions run in. */
export class Containers {
  readonly #all = new Set<RuntimeContainer>();
  readonly #fronts: Fronts;
  #ready: Promise<Ready> | undefined;
  readonly #pulls = new Map<string, Promise<ImageFacts>>();
  #closed = false;

  constructor(
    readonly host: Host,
    readonly options: ContainerOptions,
    readonly code: () => CodeStore,
  ) {
    this.#fronts = new Fronts(Number.parseInt(host.ids.hex(2), 16));
  }

  /** Finds Docker, and removes what a killed engine left. Rejects with an AwsError that says what to do. */
  ready(): Promise<Ready> {
    if (!this.#ready) {
      this.#ready = this.#prepare().catch((error) => {
        // Docker may be started later.
        this.#ready = undefined;
        throw asAwsError(error);
      });
      this.#ready.catch(() => {});
    }
    return this.#ready;
  }

  /** What is known of an image by this name or id; undefined where Docker does not have it. */
  async image(name: string): Promise<ImageFacts | undefined> {
    const { docker } = await this.ready();
    return findImage(docker, name).catch((error) => Promise.reject(asAwsError(error)));
  }

  /** Gives an image another name, which also keeps it from being pruned. */
  async tag(id: string, name: string): Promise<void> {
    const { docker } = await this.ready();
    const [, repository = name, tag = 'latest'] = /^(.+):([^:/]+)$/.exec(name) ?? [];
    const query = `repo=${encodeURIComponent(repository)}&tag=${encodeURIComponent(tag)}`;
    await docker.call('POST', `/images/${encodeURIComponent(id)}/tag?${query}`).catch((error) => {
      throw asAwsError(error);
    });
  }

  /** Takes a name away again. One that is gone, and Docker that is not there, are as good. */
  async untag(name: string): Promise<void> {
    const ready = await this.ready().catch(() => undefined);
    await ready?.docker.call('DELETE', `/images/${encodeURIComponent(name)}`).catch(() => undefined);
  }

  /** Gets what a function's first container needs. */
  async prepare(spec: FunctionSpec): Promise<void> {
    await this.#imageOf(await this.ready(), spec);
  }

  /** A container for `spec`: what it is made of is told once its log has a name. */
  async take(
    spec: FunctionSpec,
    code: UnpackedCode | undefined,
    xrayDaemon: string,
  ): Promise<{ runtime: RuntimeContainer; settings(session: Session): ContainerPlan }> {
    const ready = await this.ready();
    try {
      const image = await this.#imageOf(ready, spec);
      const { network, shared } = ready;
      await shared.refresh();
      const hosts = await this.#hosts(network);
      const awsAddress = await this.#awsAddress(network);
      if (this.#closed) throw new Error('the engine is stopping');
      const runtime = new RuntimeContainer(ready.docker);
      this.#all.add(runtime);
      void runtime.removed.then(() => this.#all.delete(runtime));
      const address = network.kind === 'gateway' ? '127.0.0.1' : this.#privateAddress();
      await runtime.api.listen(address, network.kind === 'gateway' ? network.engineHost : address);
      const names = { spec, hosts, awsAddress };
      const hostsFile = network.kind === 'container' ? this.#hostsFile(shared, names) : undefined;
      const plan = (session: Session) =>
        planContainer({
          ...names,
          ...session,
          image: image.Id,
          architecture: architectureOf(image),
          wanted: this.options.ignoreArchitecture ? architectureOf(image) : spec.architecture,
          code,
          network,
          enginePort: this.host.parts.addresses.port,
          runtimeApi: runtime.api.address,
          shared: shared.folder,
          hostsFile,
          // Datagrams to a virtual machine's host are led nowhere.
          xrayDaemon: network.kind === 'gateway' ? undefined : xrayDaemon,
          labels: ready.ownership.labels(spec.arn),
        });
      return { runtime, settings: (session) => told(() => plan(session)) };
    } catch (error) {
      throw asAwsError(error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const container of this.#all) container.kill();
    await Promise.all([...this.#all].map((container) => container.removed));
    await this.#fronts.close();
    const ready = await this.#ready?.catch(() => undefined);
    ready?.docker.close();
  }

  async #prepare(): Promise<Ready> {
    const docker = new Docker(this.options.docker ?? dockerAddress());
    const network = await containerNetwork(docker);
    const ownership = new Ownership(this.host);
    await ownership.removeLeftovers(docker);
    return {
      docker,
      network,
      ownership,
      shared: new SharedFiles(this.host, this.code().root, network.engineHost),
    };
  }

  async #imageOf({ docker, network }: Ready, spec: FunctionSpec): Promise<ImageFacts> {
    const architecture = this.options.ignoreArchitecture ? network.architecture : spec.architecture;
    if (spec.image) {
      const image = await findImage(docker, spec.image.id);
      if (!image) {
        throw new DockerUnavailable(
          `the image ${spec.image.uri} (${spec.image.id}) is no longer in Docker at ${docker.where}`,
        );
      }
      return image;
    }
    const name = runtimeImage(spec.runtime, this.options.images);
    const key = `${name} ${dockerArchitecture(architecture)}`;
    let pull = this.#pulls.get(key);
    if (!pull) {
      pull = pullImage(docker, name, architecture);
      this.#pulls.set(key, pull);
      // Asked for anew by the next: it may be gone, or there, by then.
      void pull.finally(() => this.#pulls.delete(key)).catch(() => {});
    }
    return pull;
  }

  /** Nobody else knows it: a Runtime API must be for its container only. */
  #privateAddress(): string {
    const [a = 1, b = 1, c = 1] = Buffer.from(this.host.ids.hex(6), 'hex');
    return `127.${128 + (a % 127)}.${b}.${1 + (c % 254)}`;
  }

  /** Databases and caches answer on other ports here than on AWS: their names get addresses with the right ones. */
  async #hosts(network: ContainerNetwork): Promise<{ name: string; address: string }[]> {
    const { names } = this.host.parts;
    const found = new Map<string, string>();
    for (const { host, port } of names.all()) {
      const own =
        network.kind !== 'gateway' && (await this.#fronts.open(host, port, () => names.resolve(host, port)));
      // Where that cannot be, nobody answers: never another server of this machine.
      if (!found.has(host) || own) found.set(host, own ? this.#fronts.addressOf(host) : NOBODY);
    }
    return [...found].map(([name, address]) => ({ name, address }));
  }

  /** AWS's other names lead to the engine where ports 443 and 80 may be had, else nowhere. */
  async #awsAddress(network: ContainerNetwork): Promise<string> {
    if (network.kind === 'gateway') return NOBODY;
    const engine = () => ({ host: '127.0.0.1', port: this.host.parts.addresses.port });
    const opened = await Promise.all(
      [443, 80].map((port) => this.#fronts.open('amazonaws.com', port, engine)),
    );
    return opened.some(Boolean) ? this.#fronts.addressOf('amazonaws.com') : NOBODY;
  }

  /** Docker takes no names for a container that shares another's network. */
  #hostsFile(shared: SharedFiles, names: Pick<PlanInput, 'spec' | 'hosts' | 'awsAddress'>): string {
    const text = hostsText(names);
    const mark = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const file = join(shared.folder, `hosts-${mark}`);
    writeFileSync(file, text, { mode: 0o644 });
    return file;
  }
}

const architectureOf = ({ Architecture }: ImageFacts) => (Architecture === 'arm64' ? 'arm64' : 'x86_64');

type Session = Pick<PlanInput, 'credentials' | 'logStream'>;

/** Of no server at all. */
const NOBODY = '127.77.255.254';

function told<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asAwsError(error);
  }
}

function asAwsError(error: unknown): unknown {
  if (!(error instanceof DockerUnavailable || error instanceof DockerError)) return error;
  return new AwsError(
    'ServiceException',
    `tierkit cannot run the function in a container: ${error.message}.`,
    {
      status: 500,
      members: { Type: 'Service' },
    },
  );
}
