import type { AwsError, Call, Input, Needed } from '../../../kernel';
import { deleting } from './writing';

/** The refusals of a call's keys, by their places in its list. */
export function refusalsOf(call: Call): Map<number, AwsError> {
  const all = call.memo('s3.refused-keys', () => new WeakMap<Call, Map<number, AwsError>>());
  let refusals = all.get(call);
  if (!refusals) {
    refusals = new Map();
    all.set(call, refusals);
  }
  return refusals;
}

/** Each key is allowed or refused by itself; the answer says which. */
export function deletingEach(call: Call, input: Input<'s3', 'DeleteObjects'>): Needed[] {
  const { Bucket, BypassGovernanceRetention } = input;
  return (input.Delete?.Objects ?? []).flatMap(({ Key, VersionId, ETag }, place) =>
    deleting(
      call,
      { Bucket, Key, VersionId, IfMatch: ETag, BypassGovernanceRetention },
      { refused: (error) => refusalsOf(call).set(place, error) },
    ),
  );
}
