import type { Call, Needed } from '../../../kernel';
import type { AclInput } from '../acl';
import type { LockInput } from '../locks';
import { inputKeys, lockKeys, tagKeys, tagsOfHeader } from './input-keys';
import { type More, type ObjectName, onObject, versionOf } from './needs';

interface WriteInput extends ObjectName, AclInput, LockInput {
  Tagging?: string | undefined;
}

/** What it takes to make an object; `creates` is false of requests that only prepare one. */
export function writing(call: Call, input: WriteInput, creates: boolean): Needed[] {
  const target = { Bucket: input.Bucket, Key: input.Key };
  const tags = tagKeys(tagsOfHeader(input.Tagging));
  const keys = {
    ...inputKeys(input),
    ...tags.keys,
    ...lockKeys(call, input.ObjectLockRetainUntilDate),
    's3:ObjectCreationOperation': String(creates),
  };
  const more: More = { ...tags, keys };
  const needs = (action: string, asked: boolean) => (asked ? onObject(call, target, action, more) : []);
  return [
    ...needs('PutObject', true),
    ...needs('PutObjectAcl', bringsAcl(input)),
    ...needs('PutObjectTagging', Boolean(input.Tagging)),
    ...needs('PutObjectRetention', (input.ObjectLockMode ?? input.ObjectLockRetainUntilDate) !== undefined),
    ...needs('PutObjectLegalHold', input.ObjectLockLegalHoldStatus !== undefined),
  ];
}

function bringsAcl(input: AclInput): boolean {
  return [
    input.ACL,
    input.GrantFullControl,
    input.GrantRead,
    input.GrantReadACP,
    input.GrantWrite,
    input.GrantWriteACP,
  ].some(Boolean);
}

/** Of a bucket that is made, only an ACL that lets others in. */
export const sharesBucket = (input: AclInput): boolean =>
  bringsAcl(input) && (input.ACL ?? 'private') !== 'private';

interface DeleteInput extends ObjectName {
  IfMatch?: string | undefined;
  BypassGovernanceRetention?: boolean | undefined;
}

export function deleting(call: Call, input: DeleteInput, more: More = {}): Needed[] {
  const keys = { ...inputKeys(input), ...more.keys };
  return [...onObject(call, input, 'DeleteObject', { ...more, keys }), ...bypassing(call, input, more)];
}

/**
 * The header alone does no harm: the console always sends it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-bypass
 */
export function bypassing(call: Call, input: DeleteInput, more: More = {}): Needed[] {
  if (!input.BypassGovernanceRetention) return [];
  const { retention } = versionOf(call, input) ?? {};
  const held = retention?.mode === 'GOVERNANCE' && retention.until > call.clock.millis();
  return held ? onObject(call, input, 'BypassGovernanceRetention', more) : [];
}
