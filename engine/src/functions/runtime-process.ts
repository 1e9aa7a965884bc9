import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { Channel, type InvocationHead, type Said } from './channel';
import { LogPipe } from './log-pipe';
import { type Exited, MAX_RESPONSE, type Runtime, type RuntimeListener } from './runtime';
import { runtimeDirectory } from './settings';

/** One Node process that runs runtime/bootstrap.js: file 3 is its log, file 4 what the engine and it say. */
export class RuntimeProcess implements Runtime {
  readonly child: ChildProcess;
  listener: RuntimeListener | undefined;
  readonly #channel: Channel;
  readonly #log = new LogPipe((text, timestamp) => this.listener?.line(text, timestamp));
  #exit: Exited | undefined;
  readonly ended: Promise<void>;

  constructor(cwd: string, flags: readonly string[], environment: Record<string, string>) {
    this.child = spawn(process.execPath, [...flags, join(runtimeDirectory, 'bootstrap.js')], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      // A group of its own: what the function starts ends with it.
      detached: true,
      cwd,
    });
    this.child.stdout?.on('data', (chunk: Buffer) => this.#raw(chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => this.#raw(chunk));
    const [, , , log, socket] = this.child.stdio;
    if (!(log instanceof Duplex && socket instanceof Duplex))
      throw new Error('a process was started without its pipes');
    log.on('data', (chunk: Buffer) => this.#log.read(chunk));
    this.#channel = new Channel(socket, (said, body) => this.#said(said, body));
    this.ended = new Promise((done) => {
      // 'close' comes once the pipes are read to their end: the last words are in.
      this.child.once('close', () => done());
      this.child.once('error', () => done());
    });
    this.child.once('exit', (code, signal) => {
      // What it left running holds its pipes open, and so does what nobody reads.
      this.#killGroup();
      this.resume();
      void this.ended.then(() => this.#gone({ code, signal }));
    });
    this.child.once('error', () => this.#gone({ code: 127, signal: null }));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get alive(): boolean {
    return this.#exit === undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Tells the process which function it is. */
  assign(settings: object): void {
    this.#channel.send(settings);
  }

  /** Hands over an invocation; the process must have asked for one. */
  give(head: InvocationHead, payload: Uint8Array): void {
    this.#channel.send(head, payload);
  }

  pause(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.#channel.socket.pause();
  }

  resume(): void {
    this.#channel.socket.resume();
  }

  /** Resolves when `bytes` of the log have come through the pipe, or the process has gone. */
  logComplete(bytes: number): Promise<void> {
    return this.#log.complete(bytes);
  }

  /** Resident bytes, or undefined where the system does not tell. */
  memory(): number | undefined {
    try {
      return Number(readFileSync(`/proc/${this.pid}/statm`, 'latin1').split(' ')[1]) * 4096;
    } catch {
      return undefined;
    }
  }

  kill(): void {
    this.#killGroup();
    this.child.kill('SIGKILL');
  }

  #said(said: Said, body: Buffer): void {
    if (said.kind === 'chunk') {
      this.listener?.chunk(body);
      return;
    }
    if (said.kind !== 'next') {
      const { next, ...posted } = said;
      const fits = body.length <= MAX_RESPONSE;
      this.listener?.posted({
        ...posted,
        body: fits ? body : Buffer.alloc(0),
        ...(fits ? {} : { tooLarge: body.length }),
      });
      if (!next) return;
    } else if (said.logBytes !== undefined) {
      void this.#log.complete(said.logBytes).then(() => this.listener?.waiting());
      return;
    }
    this.listener?.waiting();
  }

  /** What came past the runtime: native code, Node's own last words, other programs. */
  #raw(chunk: Buffer): void {
    for (const line of chunk.toString('utf8').split(/(?<=\n)/)) this.listener?.line(line, undefined);
  }

  #killGroup(): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }

  #gone(exit: Exited): void {
    if (this.#exit) return;
    this.#exit = exit;
    this.#log.end();
    this.listener?.exited(exit);
  }
}
