import { isAwsError } from '../../../kernel';

/** CloudFront's lists on the wire say how long they are. */
export function counted<T>(items: readonly T[] | undefined): { Quantity: number; Items?: T[] } {
  return items?.length ? { Quantity: items.length, Items: [...items] } : { Quantity: 0 };
}

/** As counted, for lists that are required to have items. */
export function filled<T>(items: readonly T[] | undefined): { Quantity: number; Items: T[] } {
  return { Quantity: items?.length ?? 0, Items: [...(items ?? [])] };
}

export const bool = (value: unknown): boolean => value === true || value === 'true';
export const optionalBool = (value: unknown): boolean | undefined =>
  value === undefined ? undefined : bool(value);
export const num = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));

/** Deleting what is gone is done. */
export async function gone(code: string, deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isAwsError(error, code)) throw error;
  }
}
