import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { InvocationHead } from '../channel';
import { type Exited, type Runtime, type RuntimeListener, Unstartable } from '../runtime';
import { type Docker, DockerError, textOf } from './docker';
import { MemoryGauge } from './memory-gauge';
import { Output } from './output';
import { RuntimeApi } from './runtime-api';

/**
 * How long the output must be quiet to be taken for complete, in real milliseconds. Docker hands it on through two
 * more programs and says nothing about how far it is; what comes later still gets into the log.
 */
const QUIET = 5;

/** How Docker tells signals: 128 and their number. Other codes above 128 are what a program chose. */
const SIGNALS: Record<number, NodeJS.Signals> = {
  132: 'SIGILL',
  133: 'SIGTRAP',
  134: 'SIGABRT',
  135: 'SIGBUS',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

/** What a container is made of: the body of Docker's create, and its platform. */
export interface ContainerPlan {
  platform: string;
  body: object;
  /** Why it cannot run here at all. */
  unstartable?: Unstartable;
}

/** One container that speaks Lambda's Runtime API. */
export class RuntimeContainer implements Runtime {
  readonly logLags = true;
  readonly api: RuntimeApi;
  readonly ended: Promise<void>;
  /** Resolves when nothing of it is left. */
  readonly removed: Promise<void>;
  listener: RuntimeListener | undefined;
  #id: string | undefined;
  #output: Duplex | undefined;
  readonly #lines = new Output((text) => this.listener?.line(text, undefined));
  #gauge: MemoryGauge | undefined;
  #assigned = false;
  #killed = false;
  #running = true;
  #end: () => void = () => {};
  #remove: () => void = () => {};

  constructor(readonly docker: Docker) {
    this.api = new RuntimeApi({
      waiting: () => this.listener?.waiting(),
      chunk: (bytes) => this.listener?.chunk(bytes),
      posted: (posted) => this.listener?.posted({ ...posted, logBytes: 0, memory: this.memory() ?? 0 }),
    });
    this.ended = new Promise((done) => {
      this.#end = done;
    });
    this.removed = new Promise((done) => {
      this.#remove = done;
    });
  }

  get alive(): boolean {
    return this.#running;
  }

  /** Starts the container. */
  async assign(settings: object): Promise<void> {
    const plan = settings as ContainerPlan;
    this.#assigned = true;
    try {
      if (plan.unstartable) throw plan.unstartable;
      const platform = `?platform=${encodeURIComponent(plan.platform)}`;
      const { Id } = await this.docker.call<{ Id: string }>(
        'POST',
        `/containers/create${platform}`,
        plan.body,
      );
      this.#id = Id;
      this.#gauge = new MemoryGauge(this.docker, Id);
      this.#output = await this.docker.upgrade(`/containers/${Id}/attach?stream=1&stdout=1&stderr=1`);
      this.#output.on('data', (chunk: Buffer) => this.#lines.read(chunk));
      this.#output.on('error', () => {});
      await this.docker.call('POST', `/containers/${Id}/start`);
      void this.#watch(await this.docker.open('POST', `/containers/${Id}/wait?condition=not-running`));
      if (this.#killed) this.kill();
    } catch (error) {
      await this.#gone();
      throw unstartable(error) ?? error;
    }
  }

  give(head: InvocationHead, payload: Uint8Array): void {
    this.api.give(head, payload);
  }

  pause(): void {
    this.api.pause();
  }

  resume(): void {
    this.api.resume();
  }

  async logComplete(): Promise<void> {
    let seen: number;
    do {
      seen = this.#lines.bytes;
      await new Promise((done) => setTimeout(done, QUIET));
    } while (this.#lines.bytes !== seen && this.#running);
    this.#lines.flush();
    await this.#gauge?.read();
  }

  memory(): number | undefined {
    return this.#gauge?.bytes();
  }

  kill(): void {
    this.#killed = true;
    if (!this.#assigned) void this.#gone();
    if (this.#id === undefined || !this.#running) return;
    // One that has ended meanwhile is as good as killed. What runs in it leaves when the API does, too, but in its own
    // way: so that comes second.
    this.docker
      .call('POST', `/containers/${this.#id}/kill`)
      .catch(() => {})
      .finally(() => this.api.close());
  }

  /** Waits for the end. */
  async #watch(answer: IncomingMessage): Promise<void> {
    let exit: Exited = { code: null, signal: 'SIGKILL' };
    try {
      const { StatusCode } = JSON.parse(await textOf(answer)) as { StatusCode: number };
      const signal = SIGNALS[StatusCode];
      exit = signal ? { code: null, signal } : { code: StatusCode, signal: null };
    } catch {
      // Docker itself went away, and took the container with it.
    }
    await this.#drained();
    this.#lines.flush();
    await this.#gone(exit);
  }

  /** Docker closes the output behind its last byte. */
  async #drained(): Promise<void> {
    const output = this.#output;
    if (!output || output.readableEnded || output.destroyed) return;
    await new Promise<void>((done) => {
      output.once('end', done);
      output.once('close', done);
    });
  }

  async #gone(exit?: Exited): Promise<void> {
    this.#running = false;
    this.api.close();
    this.#output?.destroy();
    this.#end();
    if (exit) this.listener?.exited(exit);
    // What cannot be removed now is when an engine next starts.
    if (this.#id !== undefined)
      await this.docker.call('DELETE', `/containers/${this.#id}?force=1&v=1`).catch(() => {});
    this.#remove();
  }
}

/** An entry point that is not there, or is for another machine, is the image's fault: told as Lambda tells it. */
function unstartable(error: unknown): Unstartable | undefined {
  if (!(error instanceof DockerError)) return undefined;
  const why = /no such file or directory|executable file not found|permission denied|exec format error/.exec(
    error.message,
  )?.[0];
  if (!why || !/\bexec\b/.test(error.message)) return undefined;
  const program = /exec:? \\?"([^"\\]+)/.exec(error.message)?.[1] ?? 'the entry point';
  const said = why === 'executable file not found' ? 'no such file or directory' : why;
  return new Unstartable('Runtime.InvalidEntrypoint', `fork/exec ${program}: ${said}`);
}
