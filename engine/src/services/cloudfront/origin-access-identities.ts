import type { Call, Operation } from '../../kernel';
import { checkVersion, fail, notThere } from './errors';
import { listPage } from './pages';
import { type IdentityRecord, newId, tables } from './store';

const shown = (identity: IdentityRecord) => ({
  Id: identity.id,
  S3CanonicalUserId: identity.canonicalUserId,
  CloudFrontOriginAccessIdentityConfig: identity.config,
});

function requireIdentity(call: Call, id: string | undefined): IdentityRecord {
  const identity = tables(call).identities.get(id ?? '');
  if (!identity) {
    throw notThere('CloudFrontOriginAccessIdentity', 'The specified origin access identity does not exist.');
  }
  return identity;
}

export const createIdentity: Operation<'cloudfront', 'CreateCloudFrontOriginAccessIdentity'> = (
  input,
  call,
) => {
  const config = input.CloudFrontOriginAccessIdentityConfig!;
  const { identities } = tables(call);
  for (const other of identities.values()) {
    if (other.config.CallerReference !== config.CallerReference) continue;
    // The same reference with the same content is the same request again.
    if (other.config.Comment === config.Comment) return output(other);
    throw fail(
      'CloudFrontOriginAccessIdentityAlreadyExists',
      'If the CallerReference is a value you already sent in a previous request to create an identity the content of the CloudFrontOriginAccessIdentityConfig must be identical.',
      409,
    );
  }
  const identity: IdentityRecord = {
    id: newId(call),
    etag: newId(call),
    modified: call.clock.now(),
    canonicalUserId: call.ids.hex(96),
    config,
  };
  identities.put(identity.id, identity);
  return output(identity);
};

function output(identity: IdentityRecord) {
  const Location = `https://cloudfront.amazonaws.com/2020-05-31/origin-access-identity/cloudfront/${identity.id}`;
  return { CloudFrontOriginAccessIdentity: shown(identity), Location, ETag: identity.etag };
}

export const getIdentity: Operation<'cloudfront', 'GetCloudFrontOriginAccessIdentity'> = (input, call) => {
  const identity = requireIdentity(call, input.Id);
  return { CloudFrontOriginAccessIdentity: shown(identity), ETag: identity.etag };
};

export const getIdentityConfig: Operation<'cloudfront', 'GetCloudFrontOriginAccessIdentityConfig'> = (
  input,
  call,
) => {
  const identity = requireIdentity(call, input.Id);
  return { CloudFrontOriginAccessIdentityConfig: identity.config, ETag: identity.etag };
};

export const updateIdentity: Operation<'cloudfront', 'UpdateCloudFrontOriginAccessIdentity'> = (
  input,
  call,
) => {
  const identity = requireIdentity(call, input.Id);
  checkVersion(identity.etag, input.IfMatch);
  const config = input.CloudFrontOriginAccessIdentityConfig!;
  if (config.CallerReference !== identity.config.CallerReference) {
    throw fail('IllegalUpdate', 'The caller reference cannot be changed.');
  }
  const updated = { ...identity, etag: newId(call), config };
  tables(call).identities.put(identity.id, updated);
  return { CloudFrontOriginAccessIdentity: shown(updated), ETag: updated.etag };
};

export const deleteIdentity: Operation<'cloudfront', 'DeleteCloudFrontOriginAccessIdentity'> = (
  input,
  call,
) => {
  const identity = requireIdentity(call, input.Id);
  checkVersion(identity.etag, input.IfMatch);
  const name = `origin-access-identity/cloudfront/${identity.id}`;
  for (const distribution of tables(call).distributions.values()) {
    const origins = distribution.config.Origins?.Items ?? [];
    if (origins.some((origin) => origin.S3OriginConfig?.OriginAccessIdentity === name)) {
      throw fail(
        'CloudFrontOriginAccessIdentityInUse',
        'The origin access identity is still being used by distributions.',
        409,
      );
    }
  }
  tables(call).identities.remove(identity.id);
  return {};
};

export const listIdentities: Operation<'cloudfront', 'ListCloudFrontOriginAccessIdentities'> = (
  input,
  call,
) => {
  const all = [...tables(call).identities.values()];
  const { items, ...page } = listPage(all, (identity) => identity.id, input);
  const Items = items.map((identity) => ({
    Id: identity.id,
    S3CanonicalUserId: identity.canonicalUserId,
    Comment: identity.config.Comment,
  }));
  return { CloudFrontOriginAccessIdentityList: { ...page, Items } };
};
