import type { Operation } from '../../kernel';
import { openBucket } from './access';
import { asMember, asMembers } from './checksums';
import { refuseCustomerKeys } from './encryption';
import { invalidArgument } from './errors';
import { readable } from './get-object';

const NAMES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];

export const getObjectAttributes: Operation<'s3', 'GetObjectAttributes'> = (input, call) => {
  refuseCustomerKeys(input);
  const bucket = openBucket(call, input);
  const object = readable(call, bucket, input, 'GET');
  const asked = (input.ObjectAttributes ?? []).flatMap((one) => one.split(',')).map((one) => one.trim());
  const wrong = asked.find((name) => !NAMES.includes(name));
  if (wrong !== undefined || asked.length === 0) {
    throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', wrong ?? null);
  }
  const wants = new Set(asked);
  const composite = object.checksum?.kind === 'COMPOSITE';
  const checksum = object.checksum && {
    ...object.checksum,
    value: object.checksum.value.replace(/-\d+$/, ''),
  };
  return {
    LastModified: new Date(object.modified),
    ...(bucket.versioning ? { VersionId: object.versionId } : {}),
    ...(wants.has('ETag') ? { ETag: object.etag } : {}),
    ...(wants.has('Checksum') && checksum ? { Checksum: asMembers(checksum) } : {}),
    ...(wants.has('StorageClass') ? { StorageClass: object.storageClass } : {}),
    ...(wants.has('ObjectSize') ? { ObjectSize: object.size } : {}),
    ...(wants.has('ObjectParts') && object.parts ? { ObjectParts: partsOf() } : {}),
  };

  function partsOf() {
    const parts = object.parts ?? [];
    if (!composite) return { TotalPartsCount: parts.length };
    const limit = Math.min(input.MaxParts ?? 1000, 1000);
    const marker = Number(input.PartNumberMarker ?? 0);
    const behind = parts.filter((part) => part.number > marker);
    const listed = behind.slice(0, limit);
    return {
      TotalPartsCount: parts.length,
      PartNumberMarker: String(marker),
      NextPartNumberMarker: String(listed.at(-1)?.number ?? 0),
      MaxParts: limit,
      IsTruncated: behind.length > limit,
      Parts: listed.map((part) => ({
        PartNumber: part.number,
        Size: part.size,
        ...asMember(part.checksum),
      })),
    };
  }
};
