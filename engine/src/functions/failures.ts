import type { FunctionSpec } from './functions';
import { timeoutMessage } from './report';
import { type Exited, MAX_RESPONSE, type Unstartable } from './runtime';

/** What a caller gets when not the function but its environment failed. */
export interface Failure {
  errorType: string;
  payload: Buffer;
}

function failure(errorType: string, errorMessage: string): Failure {
  return { errorType, payload: Buffer.from(JSON.stringify({ errorType, errorMessage })) };
}

export function timedOut(spec: FunctionSpec, requestId: string): Failure {
  return failure('Sandbox.Timedout', `RequestId: ${requestId} Error: ${timeoutMessage(spec)}`);
}

/** Go's names of signals, which Lambda's supervisor prints. */
const SIGNALS: Record<string, string> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
  SIGILL: 'illegal instruction',
  SIGBUS: 'bus error',
};

export function exited(exit: Exited, requestId: string): Failure {
  const why =
    exit.signal !== null
      ? `with error: signal: ${SIGNALS[exit.signal] ?? exit.signal}`
      : exit.code
        ? `with error: exit status ${exit.code}`
        : 'without providing a reason';
  return failure('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited ${why}`);
}

export function unstartable({ errorType, message }: Unstartable, requestId: string): Failure {
  return failure(errorType, `RequestId: ${requestId} Error: ${message}`);
}

export function responseTooLarge(limit = MAX_RESPONSE): Failure {
  return failure(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${limit} bytes).`,
  );
}

/** A streamed response that broke off before its end. */
export function truncated(requestId: string): Failure {
  return failure('Runtime.TruncatedResponse', `RequestId: ${requestId} Error: Response was truncated`);
}

export function errorTypeOf(body: Uint8Array): string | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    if (
      parsed &&
      typeof parsed === 'object' &&
      'errorType' in parsed &&
      typeof parsed.errorType === 'string'
    ) {
      return parsed.errorType;
    }
  } catch {
    // No JSON: no type.
  }
  return undefined;
}
