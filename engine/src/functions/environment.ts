import type { Writable } from 'node:stream';
import type { Host } from '../kernel';
import type { InvocationHead } from './channel';
import {
  errorTypeOf,
  exited,
  type Failure,
  responseTooLarge,
  timedOut,
  truncated,
  unstartable,
} from './failures';
import { FunctionLog } from './function-log';
import type { FunctionSpec, InvocationTiming } from './functions';
import { type InvocationRecord, PlatformLines } from './report';
import { type Exited, type Posted, type Runtime, type RuntimeListener, Unstartable } from './runtime';
import { StreamedResponse } from './streamed-response';

export interface Invocation extends InvocationHead {
  payload: Uint8Array;
  /** The caller wants the end of the log. */
  tail: boolean;
  /** Takes a streamed response as it comes. */
  responseTo?: Writable | undefined;
}

export interface Outcome {
  payload: Uint8Array;
  functionError?: string;
  errorType?: string;
  logTail: string;
  timing: InvocationTiming;
}

/** What came of a runtime that has answered: it asks for work, ended or never came back. */
type Rest = 'waiting' | 'timeout' | Exited;

type Judged = Omit<Outcome, 'logTail' | 'timing'> & { status: InvocationRecord['status'] };

/** How an environment came to be, or not. */
export type Init = 'ready' | { posted: Buffer } | { exit: Exited } | { unstartable: Unstartable } | 'timeout';

/** A stopwatch, not a clock: durations of real processes are real, whoever owns the engine's time. */
const stopwatch = () => {
  const start = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - start) / 1e6;
};

/** One execution environment: a runtime that serves one invocation at a time. */
export class Environment implements RuntimeListener {
  readonly log: FunctionLog;
  readonly #lines: PlatformLines;
  #initTime = stopwatch();
  #initStartedAt: number;
  #state: 'starting' | 'idle' | 'busy' | 'ended' = 'starting';
  #init: ((init: Init) => void) | undefined;
  #settle: ((result: Posted | Exited | 'timeout') => void) | undefined;
  #response: StreamedResponse | undefined;
  #rest: ((rest: Rest) => void) | undefined;
  /** The process asks for its next invocation; the last one is written up. Idle is when both hold. */
  #polled = false;
  #finished = true;
  #initDuration: number | undefined;
  #memory = 0;
  #peak = 0;

  constructor(
    readonly host: Host,
    readonly spec: FunctionSpec,
    readonly process: Runtime,
    /** When its credentials are too old to start another invocation with. */
    readonly expires: number,
    readonly events: { idle(environment: Environment): void; ended(environment: Environment): void },
  ) {
    this.log = new FunctionLog(host, spec);
    this.#initStartedAt = host.clock.millis();
    this.#lines = new PlatformLines(spec, () => host.clock.now());
    process.listener = this;
  }

  get busy(): boolean {
    return this.#state === 'busy';
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** Runs the init phase: settings go to the runtime, which loads the handler and asks for work. */
  async start(settings: object, limit: number): Promise<Init> {
    this.log.add(this.#lines.initStart());
    const init = new Promise<Init>((done) => {
      this.#init = done;
    });
    let cancel = () => {};
    try {
      await this.process.assign(settings);
      // Only the function's own time counts.
      this.#initTime = stopwatch();
      this.#initStartedAt = this.host.clock.millis();
      cancel = this.host.clock.after(limit, () => this.#init?.('timeout'));
    } catch (error) {
      if (!(error instanceof Unstartable)) throw error;
      this.#init?.({ unstartable: error });
    }
    const outcome = await init;
    this.#init = undefined;
    cancel();
    const duration = this.#initTime();
    if (outcome === 'ready') {
      this.#initDuration = duration;
      this.#state = 'idle';
      return outcome;
    }
    if (outcome === 'timeout') this.process.kill();
    await this.process.ended;
    const status = outcome === 'timeout' ? 'timeout' : 'error';
    this.log.add(this.#lines.initFailed(duration, status, initErrorType(outcome)));
    return outcome;
  }

  /** Runs one invocation to its end. */
  async run(invocation: Invocation): Promise<Outcome> {
    const { payload, tail: wantsTail, responseTo, ...head } = invocation;
    const { requestId } = head;
    if (wantsTail) this.log.startTail();
    this.#state = 'busy';
    this.#polled = false;
    this.#finished = false;
    this.log.add(this.#lines.start(requestId));
    const settled = new Promise<Posted | Exited | 'timeout'>((done) => {
      this.#settle = done;
    });
    const rested = new Promise<Rest>((done) => {
      this.#rest = done;
    });
    const cancel = this.host.clock.after(this.spec.timeout * 1000, () => {
      this.#settle?.('timeout');
      this.#rest?.('timeout');
    });
    const response = new StreamedResponse(this.process, responseTo);
    this.#response = response;
    const time = stopwatch();
    const startedAt = this.host.clock.millis();
    const init = this.#initDuration;
    this.process.give(head, payload);
    const result = await settled;
    const duration = time();
    this.#settle = undefined;
    this.#response = undefined;
    response.close();
    const { status, ...ended } = this.#judge(result, response, requestId);
    const finished = this.#finish(result, { ...ended, status }, requestId, time, rested).finally(cancel);
    if (this.process.logLags) await finished;
    const tail = wantsTail ? await finished.then(() => this.log.endTail()) : '';
    const timing = {
      startedAt,
      duration,
      overhead: time() - duration,
      ...(init === undefined ? {} : { init: { startedAt: this.#initStartedAt, duration: init } }),
    };
    return { ...ended, logTail: tail, timing };
  }

  /** The answer to an invocation that this environment was started for, but could not be. */
  failedInit(init: Exclude<Init, 'ready'>, requestId: string): Outcome {
    this.log.startTail();
    const failure: Failure =
      init === 'timeout'
        ? timedOut(this.spec, requestId)
        : 'posted' in init
          ? { errorType: errorTypeOf(init.posted) ?? 'Runtime.Unknown', payload: init.posted }
          : 'unstartable' in init
            ? unstartable(init.unstartable, requestId)
            : exited(init.exit, requestId);
    this.log.add(this.#lines.start(requestId));
    if (init === 'timeout') this.log.add(this.#lines.timedOut(requestId));
    const status = init === 'timeout' ? 'timeout' : 'error';
    const { errorType } = failure;
    const duration = this.#initTime();
    this.log.add(this.#lines.end({ requestId, duration, memoryUsed: this.#memory, status, errorType }));
    const logTail = this.log.endTail();
    void this.log.flush();
    const startedAt = this.host.clock.millis();
    const start = { startedAt: this.#initStartedAt, duration };
    const timing = { startedAt, duration: 0, overhead: 0, init: start };
    return { ...failure, functionError: 'Unhandled', logTail, timing };
  }

  /** Kills the runtime over its memory, where the machine knows how much it has. */
  checkMemory(): void {
    const bytes = this.process.memory();
    if (bytes === undefined) return;
    this.#peak = Math.max(this.#peak, bytes);
    if (this.#state === 'busy' && bytes > this.spec.memorySize * 1024 * 1024) this.process.kill();
  }

  kill(): void {
    this.process.kill();
  }

  chunk(bytes: Buffer): void {
    this.#response?.add(bytes);
  }

  posted(posted: Posted): void {
    this.#memory = posted.memory;
    if (posted.kind === 'init-error') this.#init?.({ posted: posted.body });
    else this.#settle?.(posted);
  }

  waiting(): void {
    if (this.#init) {
      this.#init('ready');
      return;
    }
    this.#polled = true;
    this.#rest?.('waiting');
    this.#restIfDone();
  }

  line(text: string, timestamp: number | undefined): void {
    this.log.add([text], timestamp === undefined ? undefined : Math.round(timestamp));
  }

  exited(exit: Exited): void {
    const wasEnded = this.#state === 'ended';
    this.#init?.({ exit });
    this.#settle?.(exit);
    this.#rest?.(exit);
    this.#state = 'ended';
    if (!wasEnded) this.events.ended(this);
  }

  #judge(result: Posted | Exited | 'timeout', response: StreamedResponse, requestId: string): Judged {
    if (result === 'timeout') {
      this.process.kill();
      return { ...timedOut(this.spec, requestId), functionError: 'Unhandled', status: 'timeout' };
    }
    if (!('kind' in result)) {
      const failure = response.begun ? truncated(requestId) : exited(result, requestId);
      return { ...failure, functionError: 'Unhandled', status: 'error' };
    }
    if (result.tooLarge !== undefined || response.tooLarge) {
      const failure = responseTooLarge(result.streamed ? response.limit : undefined);
      return { ...failure, functionError: 'Unhandled', status: 'success' };
    }
    if (result.memory > this.spec.memorySize * 1024 * 1024) {
      // On AWS the kernel would have ended it when it grew past its size.
      this.process.kill();
      const exit: Exited = { code: null, signal: 'SIGKILL' };
      return { ...exited(exit, requestId), functionError: 'Unhandled', status: 'error' };
    }
    if (result.kind === 'error') {
      if (result.errorType === 'Runtime.TruncatedResponse')
        return { ...truncated(requestId), functionError: 'Unhandled', status: 'success' };
      const errorType = result.errorType ?? errorTypeOf(result.body);
      return {
        payload: result.body,
        functionError: 'Unhandled',
        ...(errorType === undefined ? {} : { errorType }),
        status: 'success',
      };
    }
    return { payload: result.streamed ? response.whole : result.body, status: 'success' };
  }

  /** Writes the invocation up once its whole log is there. */
  async #finish(
    result: Posted | Exited | 'timeout',
    ended: { status: InvocationRecord['status']; errorType?: string },
    requestId: string,
    time: () => number,
    rested: Promise<Rest>,
  ): Promise<void> {
    let duration = time();
    let { status, errorType } = ended;
    let last: typeof result | Rest = result;
    if (typeof result === 'object' && 'kind' in result && result.streamed) {
      // The response is out. Its invocation lasts until the handler has ended, too.
      last = await rested;
      duration = time();
      if (last === 'timeout') {
        this.process.kill();
        status = 'timeout';
      } else if (last !== 'waiting') [status, errorType] = ['error', 'Runtime.ExitError'];
    }
    if (last === 'timeout') await this.process.ended;
    else if (typeof last === 'object' && 'kind' in last) await this.process.logComplete(last.logBytes);
    if (this.process.logLags) this.#peak = Math.max(this.#peak, this.process.memory() ?? 0);
    if (status === 'timeout') this.log.add(this.#lines.timedOut(requestId));
    this.log.add(
      this.#lines.end({
        requestId,
        duration: status === 'timeout' ? this.spec.timeout * 1000 : duration,
        memoryUsed: Math.max(this.#memory, this.#peak),
        status,
        ...(errorType && status === 'error' ? { errorType } : {}),
        ...(this.#initDuration === undefined ? {} : { initDuration: this.#initDuration }),
      }),
    );
    this.#initDuration = undefined;
    this.#finished = true;
    this.log.flushLater();
    this.#restIfDone();
  }

  #restIfDone(): void {
    if (!this.#polled || !this.#finished || this.#state !== 'busy') return;
    this.#state = 'idle';
    this.events.idle(this);
  }
}

function initErrorType(init: Exclude<Init, 'ready'>): string | undefined {
  if (init === 'timeout') return undefined;
  if ('posted' in init) return errorTypeOf(init.posted);
  return 'unstartable' in init ? init.unstartable.errorType : 'Runtime.ExitError';
}
