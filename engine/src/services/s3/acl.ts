import type { Grant, Owner, Permission } from '@aws-sdk/client-s3';
import type { Call } from '../../kernel';
import { canonicalId } from './access';
import { accessDenied, invalidArgument, malformedXml, s3Error } from './errors';
import type { Bucket } from './records';

const GROUPS = 'http://acs.amazonaws.com/groups/';
const ALL_USERS = `${GROUPS}global/AllUsers`;
const AUTHENTICATED = `${GROUPS}global/AuthenticatedUsers`;
const LOG_DELIVERY = `${GROUPS}s3/LogDelivery`;
const PERMISSIONS = ['FULL_CONTROL', 'WRITE', 'WRITE_ACP', 'READ', 'READ_ACP'];

export interface AclInput {
  ACL?: string | undefined;
  GrantFullControl?: string | undefined;
  GrantRead?: string | undefined;
  GrantReadACP?: string | undefined;
  GrantWrite?: string | undefined;
  GrantWriteACP?: string | undefined;
  AccessControlPolicy?: { Grants?: Grant[] | undefined; Owner?: Owner | undefined } | undefined;
}

const group = (uri: string, permission: Permission): Grant => ({
  Grantee: { Type: 'Group', URI: uri },
  Permission: permission,
});

const user = (id: string, permission: Permission): Grant => ({
  Grantee: { Type: 'CanonicalUser', ID: id },
  Permission: permission,
});

export function ownerGrants(account: string): Grant[] {
  return [user(canonicalId(account), 'FULL_CONTROL')];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl */
function canned(acl: string, owner: string, bucketOwner: string): Grant[] {
  const own = ownerGrants(owner);
  switch (acl) {
    case 'private':
      return own;
    case 'public-read':
      return [...own, group(ALL_USERS, 'READ')];
    case 'public-read-write':
      return [...own, group(ALL_USERS, 'READ'), group(ALL_USERS, 'WRITE')];
    case 'authenticated-read':
      return [...own, group(AUTHENTICATED, 'READ')];
    case 'log-delivery-write':
      return [...own, group(LOG_DELIVERY, 'WRITE'), group(LOG_DELIVERY, 'READ_ACP')];
    case 'bucket-owner-read':
      return owner === bucketOwner ? own : [...own, user(canonicalId(bucketOwner), 'READ')];
    case 'bucket-owner-full-control':
      return owner === bucketOwner ? own : [...own, ...ownerGrants(bucketOwner)];
    case 'aws-exec-read':
      return own;
    default:
      throw invalidArgument('', 'x-amz-acl', acl);
  }
}

function headerGrants(header: string | undefined, permission: Permission): Grant[] {
  if (!header) return [];
  return header.split(',').map((entry) => {
    const match = /^\s*(id|uri|emailAddress)\s*=\s*"?([^"]*)"?\s*$/i.exec(entry);
    const kind = match?.[1]?.toLowerCase();
    const value = match?.[2] ?? '';
    if (kind === 'id') return user(checkId(value), permission);
    if (kind === 'uri') return group(checkGroup(value), permission);
    throw invalidArgument(
      'Argument format not recognized',
      `x-amz-grant-${permission.toLowerCase()}`,
      header,
    );
  });
}

function checkId(id: string): string {
  if (/^[0-9a-f]{64}$/.test(id)) return id;
  throw invalidArgument('Invalid id', 'CanonicalUser/ID', id);
}

function checkGroup(uri: string): string {
  if ([ALL_USERS, AUTHENTICATED, LOG_DELIVERY].includes(uri)) return uri;
  throw invalidArgument('Invalid group uri', 'uri', uri);
}

function checkPolicy(policy: NonNullable<AclInput['AccessControlPolicy']>): Grant[] {
  if (!policy.Owner?.ID || !policy.Grants) throw malformedXml();
  checkId(policy.Owner.ID);
  return policy.Grants.map(({ Grantee: grantee, Permission: permission }) => {
    if (!permission || !PERMISSIONS.includes(permission) || !grantee?.Type) throw malformedXml();
    if (grantee.Type === 'Group' && grantee.URI) return group(checkGroup(grantee.URI), permission);
    if (grantee.Type === 'CanonicalUser' && grantee.ID) return user(checkId(grantee.ID), permission);
    throw malformedXml();
  });
}

/** The grants a request asks for, or undefined where it asks for none. */
export function grantsAsked(call: Call, input: AclInput, bucketOwner: string): Grant[] | undefined {
  const headers = [
    ...headerGrants(input.GrantFullControl, 'FULL_CONTROL'),
    ...headerGrants(input.GrantRead, 'READ'),
    ...headerGrants(input.GrantReadACP, 'READ_ACP'),
    ...headerGrants(input.GrantWrite, 'WRITE'),
    ...headerGrants(input.GrantWriteACP, 'WRITE_ACP'),
  ];
  if (input.ACL && headers.length > 0) {
    throw s3Error('InvalidRequest', 400, 'Specifying both Canned ACLs and Header Grants is not allowed');
  }
  const policy = input.AccessControlPolicy;
  if (policy && (policy.Grants || policy.Owner)) {
    if (input.ACL || headers.length > 0) {
      throw s3Error('UnexpectedContent', 400, 'This request does not support content');
    }
    return checkPolicy(policy);
  }
  if (input.ACL) return canned(input.ACL, call.principal.account, bucketOwner);
  return headers.length > 0 ? headers : undefined;
}

export function isPublic(grants: readonly Grant[]): boolean {
  return grants.some(({ Grantee }) => Grantee?.URI === ALL_USERS || Grantee?.URI === AUTHENTICATED);
}

/** Refuses what the bucket's ownership and public access settings do not allow. */
export function checkAclAllowed(bucket: Bucket, input: AclInput, grants: readonly Grant[] | undefined): void {
  if (!grants) return;
  if (bucket.ownership === 'BucketOwnerEnforced' && input.ACL !== 'bucket-owner-full-control') {
    const own = ownerGrants(bucket.account)[0]!.Grantee!.ID;
    const onlyOwner =
      input.AccessControlPolicy !== undefined &&
      grants.every(({ Grantee, Permission }) => Grantee?.ID === own && Permission === 'FULL_CONTROL');
    if (!onlyOwner) {
      throw s3Error('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');
    }
  }
  if (bucket.publicAccessBlock?.BlockPublicAcls && isPublic(grants)) throw accessDenied();
}

/** The grants of a new object. */
export function objectGrants(call: Call, bucket: Bucket, input: AclInput): Grant[] {
  const asked = grantsAsked(call, input, bucket.account);
  checkAclAllowed(bucket, input, asked);
  // Under BucketOwnerEnforced and -Preferred (with the canned ACL) the bucket's owner owns what others write.
  const owner = bucket.ownership === 'ObjectWriter' ? call.principal.account : bucket.account;
  return bucket.ownership === 'BucketOwnerEnforced'
    ? ownerGrants(bucket.account)
    : (asked ?? ownerGrants(owner));
}
