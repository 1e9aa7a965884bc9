import * as z from 'zod';
import { Problem } from './http/problem';

const key = z.strictObject({ id: z.string(), heldBy: z.string(), boughtAt: z.string() });

/** Where the next page begins, opaque to clients. */
export function encodeCursor(lastKey: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(lastKey)).toString('base64url');
}

/** A cursor holds only for the buyer it was given to. */
export function decodeCursor(text: string, buyerEmail: string): Record<string, unknown> {
  try {
    const parsed = key.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (parsed.heldBy === buyerEmail) return parsed;
  } catch {
    // Falls through to the same answer: what is wrong with it is nobody's business.
  }
  throw Problem.invalid([{ at: 'next', message: 'is not a cursor from an earlier page' }]);
}
