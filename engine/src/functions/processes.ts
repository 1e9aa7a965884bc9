import type { Host } from '../kernel';
import type { FunctionSpec } from './functions';
import { Reaper } from './reaper';
import { RuntimeProcess } from './runtime-process';
import { baseEnvironment, codeCacheDirectory, memoryFlags, startVariables } from './settings';

/** Idle spares are let go after this long. */
const SPARE_LIFE = 300_000;

/** Starts the processes functions run in, and keeps one waiting so that the next cold start is short. */
export class Processes {
  readonly #reaper = new Reaper();
  readonly #all = new Set<RuntimeProcess>();
  #spare: { kind: string; process: RuntimeProcess; cancel: () => void } | undefined;
  #closed = false;

  constructor(readonly host: Host) {}

  /** A process for `spec`: the spare if it fits. */
  async take(spec: FunctionSpec, taskRoot: () => Promise<string>): Promise<RuntimeProcess> {
    if (loadsFirst(spec)) return this.#spawn(spec, await taskRoot());
    const spare = this.#spare;
    if (spare?.kind === kindOf(spec) && spare.process.alive) {
      spare.cancel();
      this.#spare = undefined;
      return spare.process;
    }
    return this.#spawn(spec);
  }

  /** Starts a process that waits for a function like this one, unless one does. */
  async keepSpare(spec: FunctionSpec): Promise<void> {
    if (loadsFirst(spec)) return;
    const kind = kindOf(spec);
    if (this.#closed || (this.#spare?.kind === kind && this.#spare.process.alive)) return;
    const process = await this.#spawn(spec);
    if (this.#closed) {
      process.kill();
      return;
    }
    this.#dropSpare();
    const cancel = this.host.clock.after(SPARE_LIFE, () => this.#dropSpare());
    this.#spare = { kind, process, cancel };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#dropSpare();
    for (const process of this.#all) process.kill();
    await Promise.all([...this.#all].map((process) => process.ended));
    await this.#reaper.close();
  }

  async #spawn(spec: FunctionSpec, cwd = '/'): Promise<RuntimeProcess> {
    const { addresses } = this.host.parts;
    await addresses.caReady();
    if (this.#closed) throw new Error('the engine is stopping');
    const process = new RuntimeProcess(cwd, memoryFlags(spec.memorySize), {
      ...baseEnvironment(),
      NODE_EXTRA_CA_CERTS: addresses.caFile,
      NODE_COMPILE_CACHE: codeCacheDirectory(addresses),
      ...startVariables(spec),
    });
    this.#all.add(process);
    const { pid } = process;
    if (pid) this.#reaper.watch(pid);
    void process.ended.then(() => {
      this.#all.delete(process);
      if (pid) this.#reaper.forget(pid);
    });
    return process;
  }

  #dropSpare(): void {
    this.#spare?.cancel();
    this.#spare?.process.kill();
    this.#spare = undefined;
  }
}

/** NODE_OPTIONS may name modules of the function's own: they are found from its folder, so it must be known. */
function loadsFirst(spec: FunctionSpec): boolean {
  return /(^|\s)(-r|--require|--import|--loader|--experimental-loader)\b/.test(
    spec.environment.NODE_OPTIONS ?? '',
  );
}

/** Processes of one kind are started alike: which function they become is told them later. */
function kindOf(spec: FunctionSpec): string {
  return JSON.stringify([spec.memorySize, startVariables(spec)]);
}
