import type { Call } from '../../kernel';
import { keep, type Received, release } from './body';
import { invalidArgument, noSuchBucket, noSuchVersion } from './errors';
import type { Bucket, Content, ObjectVersion } from './records';
import { archiveKey, archiveRange, objectKey, prefixRange, type State, stateOf } from './store';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';
const SEQ_DIGITS = 11;

/** Greater than every one before it, in this engine and for this key. */
export function nextSeq(call: Call, after = 0): number {
  const last = call.memo('s3.seq', () => ({ value: 0 }));
  last.value = Math.max(last.value + 1, after + 1, call.clock.millis() * 1000);
  return last.value;
}

/** 32 characters, the last of which say where in the archive the version lies. */
function versionIdOf(call: Call, seq: number): string {
  return call.ids.of(ALPHABET, 32 - SEQ_DIGITS) + seq.toString(36).padStart(SEQ_DIGITS, '0');
}

function seqOf(versionId: string): number {
  const digits = versionId.slice(-SEQ_DIGITS);
  return versionId.length === 32 && /^[0-9a-z]+$/.test(digits) ? Number.parseInt(digits, 36) : 0;
}

export function currentVersion(state: State, bucket: string, key: string): ObjectVersion | undefined {
  return state.objects.get(objectKey(bucket, key));
}

/** A version by its id, wherever it lies; undefined where there is none. */
export function findVersion(
  state: State,
  bucket: string,
  key: string,
  versionId: string,
): ObjectVersion | undefined {
  const current = currentVersion(state, bucket, key);
  if (!current || current.versionId === versionId) return current;
  if (versionId === 'null') {
    for (const version of archived(state, bucket, key)) if (version.versionId === 'null') return version;
    return undefined;
  }
  const seq = seqOf(versionId);
  const found = seq > 0 ? state.archive.get(archiveKey({ bucket, key, seq })) : undefined;
  return found?.versionId === versionId ? found : undefined;
}

/** The version a request names, or the error AWS answers where it names none that is there. */
export function namedVersion(state: State, bucket: Bucket, key: string, versionId: string): ObjectVersion {
  const invalid = () => invalidArgument('Invalid version id specified', 'versionId', versionId);
  if (!bucket.versioning && versionId !== 'null') throw invalid();
  const version = findVersion(state, bucket.name, key, versionId);
  if (version) return version;
  throw versionId === 'null' || /^[A-Za-z0-9._-]{32}$/.test(versionId)
    ? noSuchVersion(key, versionId)
    : invalid();
}

/** The versions of a key behind its current one, newest first. */
export function* archived(state: State, bucket: string, key: string): Iterable<ObjectVersion> {
  for (const { value } of state.archive.entries(archiveRange(bucket, key))) {
    // A key that holds a NUL can lie within another's range.
    if (value.key === key) yield value;
  }
}

export type Draft = Omit<ObjectVersion, 'bucket' | 'key' | 'versionId' | 'seq' | 'modified'>;

/**
 * Makes `draft` the current version of a key. `check` sees what is current, in the same transaction, and may
 * throw to refuse. https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 */
export function commit(
  call: Call,
  bucketName: string,
  key: string,
  draft: Draft,
  options: { received?: readonly Received[]; check?: (current: ObjectVersion | undefined) => void } = {},
): { version: ObjectVersion; bucket: Bucket } {
  const state = stateOf(call);
  const dropped: Content[] = [];
  const result = state.transaction(() => {
    const bucket = state.buckets.get(bucketName);
    if (!bucket) throw noSuchBucket(bucketName);
    const current = currentVersion(state, bucketName, key);
    options.check?.(current?.deleteMarker ? undefined : current);
    const seq = nextSeq(call, current?.seq);
    const versionId = bucket.versioning === 'Enabled' ? versionIdOf(call, seq) : 'null';
    if (current) {
      if (versionId !== 'null' || current.versionId !== 'null') {
        if (versionId === 'null') dropped.push(...removeArchivedNull(state, bucketName, key));
        state.archive.put(archiveKey(current), current);
      } else dropped.push(...current.contents);
    }
    for (const received of options.received ?? []) keep(state, received);
    const version = { ...draft, bucket: bucketName, key, versionId, seq, modified: call.clock.millis() };
    state.objects.put(objectKey(bucketName, key), version);
    return { version, bucket };
  });
  release(call, dropped);
  return result;
}

function removeArchivedNull(state: State, bucket: string, key: string): Content[] {
  for (const version of archived(state, bucket, key)) {
    if (version.versionId !== 'null') continue;
    state.archive.remove(archiveKey(version));
    return version.contents;
  }
  return [];
}

export function deleteMarker(): Draft {
  return {
    deleteMarker: true,
    contents: [],
    size: 0,
    etag: '',
    storageClass: 'STANDARD',
    encryption: { algorithm: 'AES256' },
    metadata: {},
    tags: [],
    acl: [],
  };
}

/** Removes one version for good; where it was the current one, the next newest takes its place. */
export function removeVersion(call: Call, version: ObjectVersion): void {
  const state = stateOf(call);
  state.transaction(() => {
    const key = objectKey(version.bucket, version.key);
    const current = state.objects.get(key);
    if (current?.seq !== version.seq) {
      state.archive.remove(archiveKey(version));
      return;
    }
    state.objects.remove(key);
    for (const next of archived(state, version.bucket, version.key)) {
      state.archive.remove(archiveKey(next));
      state.objects.put(key, next);
      return;
    }
    const uploads = prefixRange(version.bucket, `${version.key}\0`);
    for (const { key: at, value } of [...state.uploads.entries(uploads)]) {
      state.uploads.put(at, { ...value, deletedAt: nextSeq(call) });
    }
  });
  release(call, version.contents);
}

/** Changes what is kept about a version (tags, ACL, locks), wherever it lies. */
export function changeVersion(call: Call, version: ObjectVersion, change: Partial<ObjectVersion>): void {
  const state = stateOf(call);
  state.transaction(() => {
    const key = objectKey(version.bucket, version.key);
    const current = state.objects.get(key);
    if (current?.seq === version.seq) state.objects.put(key, { ...current, ...change });
    else {
      const at = archiveKey(version);
      const kept = state.archive.get(at);
      if (!kept) throw noSuchVersion(version.key, version.versionId);
      state.archive.put(at, { ...kept, ...change });
    }
  });
}
