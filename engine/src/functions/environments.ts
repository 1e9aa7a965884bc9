import type { ServerResponse } from 'node:http';
import { availableParallelism } from 'node:os';
import { type Host, systemClock } from '../kernel';
import { pendingLogs } from '../observe/pending-logs';
import { CodeOffers } from './code-offers';
import { CodeStore } from './code-store';
import { Concurrency } from './concurrency';
import { type ContainerOptions, Containers } from './containers';
import { hadContainers } from './containers/leftovers';
import { Environment, type Outcome } from './environment';
import type {
  FunctionSpec,
  Functions,
  InvocationResult,
  InvokeFunctionOptions,
  LocalImage,
} from './functions';
import { type Lease, Pool, StartGate } from './pool';
import { Processes } from './processes';
import type { Runtime } from './runtime';
import { type SettingsInput, settingsFor } from './settings';
import { XRayDaemons } from './xray-daemons';

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: the init phase's limit. */
const INIT_LIMIT = 10_000;
const SESSION_SECONDS = 12 * 3600;
/** An environment must not start work with credentials that end in the middle of it. */
const RENEW_BEFORE = 3600_000;
const IDLE_LIFE = 300_000;
const SWEEP_EVERY = 60_000;
const MEMORY_CHECK_EVERY = 100;

/** What may be set otherwise than AWS has it. */
export interface EnvironmentLimits extends ContainerOptions {
  /** What functions that are archives run in, a process unless said otherwise; images run in containers anyway. */
  executor?: 'process' | 'docker';
  /** How long an environment that nobody uses is kept, in milliseconds. */
  idleLife?: number;
  /** How long the init phase may take at first, in milliseconds. */
  initLimit?: number;
}

/** Runtimes that the engine's own Node runs. */
const NODE = new Set(['nodejs18.x', 'nodejs20.x', 'nodejs22.x', 'nodejs24.x']);

type Session = Pick<SettingsInput, 'credentials' | 'logStream'>;

/** A runtime that waits for its settings, and how to make them. */
interface Started {
  runtime: Runtime;
  settings(session: Session): object;
}

/** Lambda's execution environments: real processes or containers, kept warm. */
export class LambdaEnvironments implements Functions {
  readonly #pools = new Map<string, Pool>();
  readonly #concurrency = new Concurrency();
  readonly #gate = new StartGate(Math.max(2, availableParallelism() * 2));
  readonly #lastUsed = new WeakMap<Environment, number>();
  readonly #processes: Processes;
  readonly #containers: Containers;
  readonly #daemons: XRayDaemons;
  readonly #offers = new CodeOffers();
  #code: CodeStore | undefined;
  #sweeping: (() => void) | undefined;
  #checking = false;
  #stopped = false;
  /** Runtimes that were said to run on another Node than AWS's. */
  readonly #noted = new Set<string>();

  constructor(
    readonly host: Host,
    readonly limits: EnvironmentLimits = {},
  ) {
    this.#processes = new Processes(host);
    this.#daemons = new XRayDaemons(host);
    this.#containers = new Containers(host, limits, () => this.#codeStore());
  }

  /** Removes containers that a killed engine of this state folder left, in the background. */
  start(): void {
    if (this.executor !== 'docker' && !hadContainers(this.host)) return;
    void this.#containers.ready().catch(() => {
      // The first function that needs Docker meets the same problem and tells it.
    });
  }

  get executor(): 'process' | 'docker' {
    return this.limits.executor ?? 'process';
  }

  runs(runtime: string): boolean {
    return this.executor === 'docker' || NODE.has(runtime);
  }

  async image(name: string): Promise<LocalImage | undefined> {
    const found = await this.#containers.image(name);
    if (!found) return undefined;
    const { Id, Architecture, Size, RepoDigests } = found;
    return { id: Id, architecture: Architecture, size: Size, repoDigests: RepoDigests ?? [] };
  }

  tagImage(id: string, name: string): Promise<void> {
    return this.#containers.tag(id, name);
  }

  untagImage(name: string): Promise<void> {
    return this.#containers.untag(name);
  }

  get #idleLife(): number {
    return this.limits.idleLife ?? IDLE_LIFE;
  }

  async invoke(
    spec: FunctionSpec,
    payload: Uint8Array,
    options: InvokeFunctionOptions = {},
  ): Promise<InvocationResult> {
    const leave = this.#concurrency.enter(spec, options.unreservedConcurrency);
    try {
      const outcome = await this.#run(spec, payload, options);
      return { ...outcome, executedVersion: spec.version };
    } finally {
      leave();
    }
  }

  prepare(spec: FunctionSpec): void {
    void Promise.all([
      spec.image ? undefined : this.#codeStore().unpack(spec.codeBlob, spec.layerBlobs),
      this.#inContainer(spec) ? this.#containers.prepare(spec) : this.#processes.keepSpare(spec),
    ]).catch(() => {
      // The first invocation meets the same problem and tells it.
    });
  }

  codePath(blob: string): string {
    return this.#offers.offer(this.host.parts.blobs.path(blob), this.host);
  }

  /** Answers a request for code that was offered. */
  download(secret: string, response: ServerResponse): void {
    this.#offers.download(secret, response);
  }

  async retire(functionArn: string): Promise<void> {
    for (const [arn, pool] of this.#pools) {
      if (arn === functionArn || arn.startsWith(`${functionArn}:`)) pool.retire();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#sweeping?.();
    const environments = [...this.#pools.values()].flatMap((pool) => [...pool.all]);
    await Promise.all([this.#processes.close(), this.#containers.close()]);
    this.#daemons.closeAll();
    await Promise.all([
      pendingLogs(this.host).flush(),
      ...environments.map((environment) => environment.log.flush()),
    ]);
    await this.#code?.close();
  }

  async #run(spec: FunctionSpec, payload: Uint8Array, options: InvokeFunctionOptions): Promise<Outcome> {
    const requestId = options.requestId ?? this.host.ids.uuid();
    const pool = this.#poolOf(spec);
    const idle = pool.takeIdle(spec);
    const lease: Lease = idle ? { environment: idle, init: 'ready' } : await pool.acquire(spec);
    const { environment, init } = lease;
    if (init !== 'ready') return environment.failedInit(init, requestId);
    this.#watchMemory();
    return environment.run({
      requestId,
      payload,
      tail: options.tail ?? false,
      responseTo: options.responseTo,
      invokedFunctionArn: options.invokedArn ?? spec.arn,
      traceId: options.traceHeader ?? this.#trace(),
      timeout: spec.timeout * 1000,
      ...(options.clientContext
        ? { clientContext: Buffer.from(options.clientContext, 'base64').toString('utf8') }
        : {}),
    });
  }

  #trace(): string {
    const seconds = Math.floor(this.host.clock.millis() / 1000).toString(16);
    return `Root=1-${seconds}-${this.host.ids.hex(24)};Parent=${this.host.ids.hex(16)};Sampled=0`;
  }

  #poolOf(spec: FunctionSpec): Pool {
    let pool = this.#pools.get(spec.arn);
    if (!pool) {
      const made: Pool = new Pool(
        this.#gate,
        (wanted) => this.#start(wanted, made),
        () => this.host.clock.millis(),
      );
      pool = made;
      this.#pools.set(spec.arn, pool);
    }
    return pool;
  }

  /** Starts an environment. One whose init phase is too long gets a second try with the function's own timeout. */
  async #start(spec: FunctionSpec, pool: Pool): Promise<Lease> {
    const first = await this.#startOnce(spec, pool, this.limits.initLimit ?? INIT_LIMIT);
    const lease = first.init === 'timeout' ? await this.#startOnce(spec, pool, spec.timeout * 1000) : first;
    // While the function works, a process for the next environment gets ready.
    if (!this.#inContainer(spec)) setImmediate(() => void this.#processes.keepSpare(spec).catch(() => {}));
    return lease;
  }

  async #startOnce(asked: FunctionSpec, pool: Pool, limit: number): Promise<Lease> {
    const spec = asked.openEnvironment ? { ...asked, environment: await asked.openEnvironment() } : asked;
    const { runtime, settings } = this.#inContainer(spec)
      ? await this.#container(spec)
      : await this.#process(spec);
    const { identity } = this.host.parts;
    const credentials = identity.issueSession(spec.role, SESSION_SECONDS);
    const environment = new Environment(
      this.host,
      spec,
      runtime,
      credentials.expiration.getTime() - RENEW_BEFORE,
      {
        idle: (rested) => {
          this.#lastUsed.set(rested, this.host.clock.millis());
          pool.release(rested);
          this.#sweepLater();
        },
        ended: (gone) => pool.forget(gone),
      },
    );
    pool.all.add(environment);
    try {
      const logStream = environment.log.streamName;
      const init = await environment.start(settings({ credentials, logStream }), limit);
      this.#lastUsed.set(environment, this.host.clock.millis());
      return { environment, init };
    } catch (error) {
      environment.kill();
      pool.forget(environment);
      throw error;
    }
  }

  #inContainer(spec: FunctionSpec): boolean {
    return spec.image !== undefined || this.executor === 'docker';
  }

  async #container(spec: FunctionSpec): Promise<Started> {
    const code = spec.image ? undefined : await this.#codeStore().unpack(spec.codeBlob, spec.layerBlobs);
    return this.#containers.take(spec, code, await this.#daemons.addressFor(spec));
  }

  async #process(spec: FunctionSpec): Promise<Started> {
    const unpacked = this.#codeStore().unpack(spec.codeBlob, spec.layerBlobs);
    const { addresses, names, vpcNames } = this.host.parts;
    const network = spec.role.origin?.network;
    const [code, xrayDaemon, runtime, vpcNamesFile] = await Promise.all([
      unpacked,
      this.#daemons.addressFor(spec),
      this.#processes.take(spec, async () => (await unpacked).taskRoot),
      network && vpcNames.fileFor(network),
    ]);
    this.#noteNode(spec.runtime);
    const { sdkRoot } = this.#codeStore();
    const settings = (session: Session) =>
      settingsFor({
        spec,
        code,
        sdkRoot,
        namesFile: names.file,
        vpcNamesFile,
        addresses,
        xrayDaemon,
        ...session,
      });
    return { runtime, settings };
  }

  /** There is one Node here: whoever asks for another should know. */
  #noteNode(runtime: string): void {
    const major = /^nodejs(\d+)/.exec(runtime)?.[1];
    if (major === process.versions.node.split('.')[0] || this.#noted.has(runtime)) return;
    this.#noted.add(runtime);
    this.host.parts.events.emit({
      type: 'engine',
      at: this.host.clock.millis(),
      level: 'info',
      message: `functions of the runtime ${runtime} run on the Node of this engine, ${process.version}`,
    });
  }

  #codeStore(): CodeStore {
    this.#code ??= new CodeStore(this.host);
    return this.#code;
  }

  /** Ends environments that nobody used for a while. */
  #sweepLater(): void {
    if (this.#sweeping || this.#stopped) return;
    this.#sweeping = this.host.clock.after(Math.min(SWEEP_EVERY, Math.max(100, this.#idleLife)), () => {
      this.#sweeping = undefined;
      const before = this.host.clock.millis() - this.#idleLife;
      for (const [arn, pool] of this.#pools) {
        pool.endIdleSince(before, (environment) => this.#lastUsed.get(environment) ?? 0);
        if (!pool.empty) continue;
        this.#pools.delete(arn);
        this.#daemons.close(arn);
      }
      if (this.#pools.size > 0) this.#sweepLater();
    });
  }

  /** Samples the memory of what runs: the system does not tell on its own. */
  #watchMemory(): void {
    if (this.#checking || this.#stopped) return;
    this.#checking = true;
    // Real processes take real memory: hours that a test's clock skips are no hours to them.
    systemClock.after(MEMORY_CHECK_EVERY, () => {
      this.#checking = false;
      let busy = false;
      for (const pool of this.#pools.values()) {
        for (const environment of pool.all) {
          if (!environment.busy) continue;
          busy = true;
          environment.checkMemory();
        }
      }
      if (busy) this.#watchMemory();
    });
  }
}
