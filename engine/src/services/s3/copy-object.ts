import type { Call, Input, Operation } from '../../kernel';
import { openBucket } from './access';
import { orDiscard, read, receive } from './body';
import { asMembers, hasher, isAlgorithm } from './checksums';
import { checkSource, checkWrite, checkWriteHeaders } from './conditions';
import { copySource, type Source } from './copy-source';
import { type Described, describe } from './draft';
import { encryptionFor, encryptionMembers, etagOf, refuseCustomerKeys, unlock } from './encryption';
import { invalidArgument, invalidRequest } from './errors';
import { checkKey } from './headers';
import { badAlgorithm } from './incoming';
import { expirationHeader } from './lifecycle';
import { notify } from './notify';
import type { Bucket } from './records';
import { refuse } from './refuse';
import { stateOf } from './store';
import { commit, currentVersion } from './versions';

type CopyInput = Input<'s3', 'CopyObject'>;

const MAX_COPY = 5 * 1024 ** 3;

function directive(name: string, header: string, value: string | undefined): 'COPY' | 'REPLACE' {
  if (value === undefined || value === 'COPY') return 'COPY';
  if (value === 'REPLACE') return 'REPLACE';
  throw invalidArgument(`Unknown ${name} directive.`, header, value);
}

/** The headers, tags and class of the copy: the source's, or those of the request. */
function describeCopy(call: Call, bucket: Bucket, source: Source, input: CopyInput): Described {
  const metadata = directive('metadata', 'x-amz-metadata-directive', input.MetadataDirective);
  const tagging = directive('tagging', 'x-amz-tagging-directive', input.TaggingDirective);
  const own = describe(call, bucket, {
    ...input,
    Tagging: tagging === 'REPLACE' ? input.Tagging : undefined,
    ...(metadata === 'COPY' ? { Metadata: undefined } : {}),
  });
  const { object } = source;
  const headers =
    metadata === 'REPLACE'
      ? own
      : {
          metadata: object.metadata,
          ...(object.contentType === undefined ? {} : { contentType: object.contentType }),
          ...(object.cacheControl === undefined ? {} : { cacheControl: object.cacheControl }),
          ...(object.contentDisposition === undefined
            ? {}
            : { contentDisposition: object.contentDisposition }),
          ...(object.contentEncoding === undefined ? {} : { contentEncoding: object.contentEncoding }),
          ...(object.contentLanguage === undefined ? {} : { contentLanguage: object.contentLanguage }),
          ...(object.expires === undefined ? {} : { expires: object.expires }),
          ...(own.redirect === undefined ? {} : { redirect: own.redirect }),
        };
  return {
    ...headers,
    storageClass: own.storageClass,
    acl: own.acl,
    tags: tagging === 'REPLACE' ? own.tags : object.tags,
    ...(own.retention ? { retention: own.retention } : {}),
    ...(own.legalHold ? { legalHold: own.legalHold } : {}),
  };
}

/** A copy onto itself must change something. */
function checkChanges(bucket: Bucket, source: Source, input: CopyInput): void {
  const { object } = source;
  const same =
    source.bucket.name === bucket.name &&
    object.key === input.Key &&
    !input.CopySource?.includes('?versionId=');
  if (!same) return;
  const changes =
    input.MetadataDirective === 'REPLACE' ||
    input.StorageClass !== undefined ||
    input.WebsiteRedirectLocation !== undefined ||
    input.ServerSideEncryption !== undefined ||
    input.ChecksumAlgorithm !== undefined ||
    object.encryption.algorithm !== 'AES256' ||
    bucket.encryptionSet === true;
  if (changes) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

export const copyObject: Operation<'s3', 'CopyObject'> = async (input, call) => {
  refuse('CopyObject', input, ['CopySourceSSECustomerAlgorithm', 'CopySourceSSECustomerKey']);
  refuseCustomerKeys(input);
  const bucket = openBucket(call, input);
  const key = input.Key!;
  checkKey(key);
  checkWriteHeaders(input);
  const source = copySource(call, input.CopySource, input.ExpectedSourceBucketOwner);
  checkSource(call, source.object, input);
  checkChanges(bucket, source, input);
  if (source.object.size > MAX_COPY) {
    throw invalidRequest(
      'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
    );
  }
  const asked = input.ChecksumAlgorithm;
  if (asked !== undefined && !isAlgorithm(asked)) throw badAlgorithm(asked);
  const current = currentVersion(stateOf(call), bucket.name, key);
  checkWrite(current?.deleteMarker ? undefined : current, key, input);
  const described = describeCopy(call, bucket, source, input);

  // Opened before anything is awaited: what overwrites the source meanwhile leaves this copy its bytes.
  const algorithm = asked ?? source.object.checksum?.algorithm ?? 'CRC64NVME';
  const hash = hasher(algorithm);
  const body = read(call, source.object.contents);
  const encryption = await encryptionFor(call, bucket, key, input);
  await unlock(call, source.bucket, source.object.encryption);
  const received = await receive(call, body, (chunk) => hash.update(chunk));
  const checksum = { algorithm, value: hash.digest().toString('base64'), kind: 'FULL_OBJECT' as const };
  const { version } = await orDiscard(call, received, () =>
    commit(
      call,
      bucket.name,
      key,
      {
        ...described,
        contents: [received.content],
        size: received.content.size,
        etag: etagOf(call, encryption, received.md5),
        checksum,
        encryption,
      },
      { received: [received], check: (now) => checkWrite(now, key, input) },
    ),
  );
  notify(call, bucket, 'ObjectCreated:Copy', version);
  return {
    CopyObjectResult: {
      ETag: `"${version.etag}"`,
      LastModified: new Date(version.modified),
      ...asMembers(checksum),
    },
    ...(source.bucket.versioning ? { CopySourceVersionId: source.object.versionId } : {}),
    ...(bucket.versioning === 'Enabled' ? { VersionId: version.versionId } : {}),
    ...encryptionMembers(encryption),
    ...expirationHeader(bucket, version),
  };
};
