import type { Call } from '../../kernel';
import { release } from './body';
import { applies, DAY, expiryOf, midnightBehind } from './lifecycle-rules';
import type { Bucket, ObjectVersion } from './records';
import { prefixRange, type State, stateOf, uploadKey } from './store';
import { archived, commit, deleteMarker, removeVersion } from './versions';

/**
 * Applies a bucket's lifecycle, once a day as AWS does, when the bucket is first used on that day.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
 */
export function sweepIfDue(call: Call, bucket: Bucket): void {
  if (!bucket.lifecycle) return;
  const today = Math.floor(call.clock.millis() / DAY);
  if (bucket.lifecycle.sweptAt >= today) return;
  const state = stateOf(call);
  const { rules } = bucket.lifecycle;
  // Said first: what follows uses the bucket.
  state.buckets.put(bucket.name, { ...bucket, lifecycle: { ...bucket.lifecycle, sweptAt: today } });
  for (const { value } of [...state.objects.entries(prefixRange(bucket.name))]) {
    sweepNoncurrent(call, state, bucket, value);
    sweepCurrent(call, state, bucket, value);
  }
  for (const { value: upload } of [...state.uploads.entries(prefixRange(bucket.name))]) {
    const due = rules.some(
      (rule) =>
        rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation !== undefined &&
        applies(rule, { key: upload.key }) &&
        midnightBehind(upload.initiated + rule.AbortIncompleteMultipartUpload.DaysAfterInitiation * DAY) <=
          call.clock.millis(),
    );
    if (!due) continue;
    const contents = [...state.parts.values({ prefix: [upload.id] })].map((part) => part.content);
    state.uploads.remove(uploadKey(bucket.name, upload.key, upload.id));
    state.parts.clear({ prefix: [upload.id] });
    release(call, contents);
  }
}

function locked(call: Call, version: ObjectVersion): boolean {
  return version.legalHold === 'ON' || (version.retention?.until ?? 0) > call.clock.millis();
}

function sweepCurrent(call: Call, state: State, bucket: Bucket, object: ObjectVersion): void {
  const rules = bucket.lifecycle?.rules ?? [];
  if (object.deleteMarker) {
    const wanted = rules.some(
      (rule) => rule.Expiration?.ExpiredObjectDeleteMarker && applies(rule, { key: object.key }),
    );
    const [behind] = archived(state, bucket.name, object.key);
    if (wanted && !behind) removeVersion(call, object);
    return;
  }
  const expiry = expiryOf(rules, object);
  if (!expiry || expiry.at > call.clock.millis()) return;
  if (bucket.versioning) commit(call, bucket.name, object.key, deleteMarker());
  else if (!locked(call, object)) removeVersion(call, object);
}

function sweepNoncurrent(call: Call, state: State, bucket: Bucket, current: ObjectVersion): void {
  const rules = (bucket.lifecycle?.rules ?? []).filter((rule) => rule.NoncurrentVersionExpiration);
  if (rules.length === 0) return;
  let newer = current;
  let kept = 0;
  for (const version of [...archived(state, bucket.name, current.key)]) {
    // A version is noncurrent since the one above it was written.
    const since = newer.modified;
    newer = version;
    const due = rules.some((rule) => {
      const { NoncurrentDays: days = 0, NewerNoncurrentVersions: keep = 0 } =
        rule.NoncurrentVersionExpiration ?? {};
      return (
        applies(rule, version) && kept >= keep && midnightBehind(since + days * DAY) <= call.clock.millis()
      );
    });
    if (due && !locked(call, version)) removeVersion(call, version);
    else kept++;
  }
}
