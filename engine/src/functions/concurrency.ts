import { AwsError } from '../kernel';
import type { FunctionSpec } from './functions';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: an account's, in a region. */
export const ACCOUNT_CONCURRENCY = 1000;

/** Counts running invocations against the account's and the functions' limits. */
export class Concurrency {
  /** Running without a reservation, by account and region; and by function. */
  readonly #unreserved = new Map<string, number>();
  readonly #functions = new Map<string, number>();

  /** `unreserved` is what the reservations in the account and region leave for all others. */
  enter(spec: FunctionSpec, unreserved = ACCOUNT_CONCURRENCY): () => void {
    const functionArn = `${spec.account}/${spec.region}/${spec.functionName}`;
    if (spec.reservedConcurrency !== undefined) {
      const running = this.#functions.get(functionArn) ?? 0;
      if (running >= spec.reservedConcurrency)
        throw tooMany('ReservedFunctionConcurrentInvocationLimitExceeded');
      return count(this.#functions, functionArn, running);
    }
    const scope = `${spec.account}/${spec.region}`;
    const running = this.#unreserved.get(scope) ?? 0;
    if (running >= unreserved) throw tooMany('ConcurrentInvocationLimitExceeded');
    return count(this.#unreserved, scope, running);
  }
}

function count(counts: Map<string, number>, key: string, running: number): () => void {
  counts.set(key, running + 1);
  return () => {
    const left = (counts.get(key) ?? 1) - 1;
    if (left > 0) counts.set(key, left);
    else counts.delete(key);
  };
}

function tooMany(reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    status: 429,
    members: { Type: 'User', Reason: reason },
  });
}
