import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Documents } from './clients/dynamodb';
import { Problem } from './http/problem';

export type Pause = (ms: number) => Promise<void>;

const pause: Pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Why one item of a transaction was refused; `item` is what stands in its place. */
export interface Refusal {
  code: string;
  itemExists: boolean;
}

// The SDK does not retry a cancelled transaction: it cannot know which cancellations pass.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
const PASSING = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);
const ATTEMPTS = 8;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 400;

/**
 * Writes all or nothing. Undefined when written, else the refusal of each item, in their order, of a
 * transaction whose conditions did not hold. One that only lost against another is tried again.
 */
export async function transact(
  db: Documents,
  items: NonNullable<TransactWriteCommandInput['TransactItems']>,
  wait: Pause = pause,
): Promise<Refusal[] | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      await db.send(new TransactWriteCommand({ TransactItems: items }));
      return undefined;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      if (reasons.some(({ Code }) => Code === 'ConditionalCheckFailed')) {
        return reasons.map(({ Code, Item }) => ({ code: Code ?? 'None', itemExists: Item !== undefined }));
      }
      if (!reasons.some(({ Code }) => PASSING.has(Code ?? ''))) throw error;
      if (attempt + 1 >= ATTEMPTS) throw busy();
      // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
      await wait(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
    }
  }
}

function busy(): Problem {
  return new Problem(
    503,
    'busy',
    'Too many people at the box office',
    'Many people are buying seats for this show right now. Try again with the same Idempotency-Key.',
    { headers: { 'retry-after': '1' } },
  );
}
