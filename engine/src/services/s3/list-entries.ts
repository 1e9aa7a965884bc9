import type { ObjectVersion } from './records';
import { behindPrefix, objectKey, prefixRange, type State } from './store';

/** The common prefix of a key under a delimiter, or undefined where it has none. */
export function commonPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

export type Entry<T> = { prefix: string } | { key: string; value: T };

export interface Walk {
  bucket: string;
  prefix: string;
  delimiter: string | undefined;
  /** Begin behind this key, or behind all keys under this common prefix. */
  after: string;
}

/** Where a walk begins: a marker within a common prefix stands for all of it. */
export function startOf({ bucket, prefix, delimiter, after }: Walk): Buffer {
  const { gte } = prefixRange(bucket, prefix);
  if (after === '') return gte;
  const group = after.startsWith(prefix) ? commonPrefix(after, prefix, delimiter) : undefined;
  // One NUL more: just behind the key itself.
  const from = group === undefined ? objectKey(bucket, `${after}\0`) : behindPrefix(bucket, group);
  return Buffer.compare(from, gte) > 0 ? from : gte;
}

/**
 * The current objects of a bucket in key order, grouped by the delimiter. Groups are jumped over: the cost is
 * that of what comes out, not of what lies below a prefix.
 */
export function* walkObjects(state: State, walk: Walk): Iterable<Entry<ObjectVersion>> {
  const { lt } = prefixRange(walk.bucket, walk.prefix);
  let from = startOf(walk);
  for (;;) {
    let jump: Buffer | undefined;
    for (const { value } of state.objects.entries({ gte: from, lt })) {
      if (value.deleteMarker) continue;
      const group = commonPrefix(value.key, walk.prefix, walk.delimiter);
      if (group === undefined) {
        yield { key: value.key, value };
        continue;
      }
      yield { prefix: group };
      jump = behindPrefix(walk.bucket, group);
      break;
    }
    if (!jump) return;
    from = jump;
  }
}

/** `encoding-type=url`: as a form encodes, but for the slash. */
export function urlEncoder(encoding: string | undefined): (text: string) => string {
  if (encoding !== 'url') return (text) => text;
  return (text) =>
    encodeURIComponent(text)
      .replace(/%20/g, '+')
      .replace(/%2F/g, '/')
      .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
