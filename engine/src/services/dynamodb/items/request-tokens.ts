import { createHash } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { AwsError, type Call } from '../../../kernel';

/** A token is good for ten minutes after the request has been carried out. */
const WINDOW = 10 * 60_000;

interface Token {
  digest: string;
  until: number;
}

function tokens(call: Call) {
  return call.store.collection<Token>('tokens');
}

/** The same tokens in the order in which they lapse. */
function lapses(call: Call) {
  return call.store.collection<true>('tokenLapses');
}

/** True if this very request has been carried out under the token; another one is refused. */
export function seenToken(
  call: Call,
  token: string,
  items: readonly TransactWriteItem[] | undefined,
): boolean {
  const known = tokens(call).get(token);
  if (!known || known.until <= call.clock.millis()) return false;
  if (known.digest === digest(items)) return true;
  throw new AwsError(
    'IdempotentParameterMismatchException',
    'DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used.',
  );
}

/** Remembers the token, and forgets those whose time is over. */
export function keepToken(call: Call, token: string, items: readonly TransactWriteItem[] | undefined): void {
  const now = call.clock.millis();
  for (const { key } of [...lapses(call).entries({ end: [now] })]) {
    lapses(call).remove(key);
    tokens(call).remove(key.slice(1));
  }
  const until = now + WINDOW;
  tokens(call).put(token, { digest: digest(items), until });
  lapses(call).put([until, token], true);
}

function digest(items: readonly TransactWriteItem[] | undefined): string {
  return createHash('sha256').update(canonical(items)).digest('base64');
}

/** JSON with its members in order, so that two ways of writing one request are the same. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_name, member: unknown) => {
      if (member instanceof Uint8Array) return Buffer.from(member).toString('base64');
      if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
      return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
    }) ?? ''
  );
}
