import { Readable } from 'node:stream';
import type { Operation } from '../../kernel';
import { openBucket } from './access';
import { orDiscard } from './body';
import { asMembers } from './checksums';
import { checkWrite, checkWriteHeaders } from './conditions';
import { describe } from './draft';
import { encryptionFor, encryptionMembers, etagOf } from './encryption';
import { checkKey } from './headers';
import { takeBody } from './incoming';
import { expirationHeader } from './lifecycle';
import { notify } from './notify';
import { posted } from './post-object';
import { refuse } from './refuse';
import { stateOf } from './store';
import { commit, currentVersion } from './versions';

export const putObject: Operation<'s3', 'PutObject'> = async (input, call) => {
  refuse('PutObject', input, ['WriteOffsetBytes']);
  const bucket = openBucket(call, input);
  const key = input.Key!;
  checkKey(key);
  checkWriteHeaders(input);
  const described = describe(call, bucket, input);
  const current = currentVersion(stateOf(call), bucket.name, key);
  checkWrite(current?.deleteMarker ? undefined : current, key, input);
  const encryption = await encryptionFor(call, bucket, key, input);

  const { received, algorithm, digests } = await takeBody(call, input);
  const checksum = { algorithm, value: digests.get(algorithm)!, kind: 'FULL_OBJECT' as const };
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
  const form = input.Body instanceof Readable && posted(call).has(input.Body);
  notify(call, bucket, form ? 'ObjectCreated:Post' : 'ObjectCreated:Put', version);
  return {
    ETag: `"${version.etag}"`,
    ...asMembers(checksum),
    ...encryptionMembers(encryption),
    ...expirationHeader(bucket, version),
    ...(bucket.versioning === 'Enabled' ? { VersionId: version.versionId } : {}),
  };
};
