import type { InvocationHead } from './channel';

/** How an invocation, or an init phase, ended. */
export interface Posted {
  kind: 'response' | 'error' | 'init-error';
  body: Buffer;
  /** The body was larger than a response may be; `body` is empty then. */
  tooLarge?: number;
  /** The response came before, in chunks; `body` is that of an error, if anything. */
  streamed?: boolean;
  /** Of an error, where the body does not tell. */
  errorType?: string;
  /** Bytes the process has written to its log. */
  logBytes: number;
  /** Bytes. */
  memory: number;
}

export interface Exited {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What a runtime does, told to the environment it belongs to. */
export interface RuntimeListener {
  /** A piece of a streamed response. */
  chunk(bytes: Buffer): void;
  posted(posted: Posted): void;
  /** It asks for work. */
  waiting(): void;
  exited(exit: Exited): void;
  line(text: string, timestamp: number | undefined): void;
}

/** 6 MB and what Lambda allows for the JSON around it: "(6291556 bytes)" in its own message. */
export const MAX_RESPONSE = 6_291_556;
/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html */
export const MAX_STREAMED = 200 * 1024 * 1024;

/** Why a runtime could not even be started, in Lambda's words: `Runtime.InvalidEntrypoint` and the like. */
export class Unstartable extends Error {
  constructor(
    readonly errorType: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * What runs a function's code in an environment: a process of this machine or a container. It serves one invocation
 * at a time, and is one function's from `assign` to its end.
 */
export interface Runtime {
  listener: RuntimeListener | undefined;
  readonly alive: boolean;
  /** Resolves when it has ended and its last words are in. */
  readonly ended: Promise<void>;
  /** Its log comes later than its answers: an invocation is answered once the log is there too. */
  readonly logLags?: boolean;
  /** Tells it which function it is; resolves when the init phase has begun. */
  assign(settings: object): void | Promise<void>;
  /** Hands over an invocation; it must have asked for one. */
  give(head: InvocationHead, payload: Uint8Array): void;
  /** Stops what it says from coming, until `resume`: whoever reads a streamed response is slower than the function. */
  pause(): void;
  resume(): void;
  /** Resolves when `bytes` of the log have come, or it has ended. */
  logComplete(bytes: number): Promise<void>;
  /** Bytes it holds, or undefined where the system does not tell. */
  memory(): number | undefined;
  kill(): void;
}
