import type { DeleteMarkerEntry, ObjectVersion as ListedVersion } from '@aws-sdk/client-s3';
import type { Operation } from '../../kernel';
import { canonicalId, openBucket } from './access';
import { invalidArgument } from './errors';
import { commonPrefix, startOf, urlEncoder, type Walk } from './list-entries';
import { checkEncoding, describeListed, pageSize } from './list-objects';
import type { ObjectVersion } from './records';
import { behindPrefix, objectKey, prefixRange, type State, stateOf } from './store';
import { archived, findVersion } from './versions';

type Step = { prefix: string } | { version: ObjectVersion; latest: boolean };

/** Every version and delete marker, in key order and newest first for each key. */
function* walkVersions(state: State, walk: Walk): Iterable<Step> {
  const { lt } = prefixRange(walk.bucket, walk.prefix);
  let from = startOf(walk);
  for (;;) {
    let jump: Buffer | undefined;
    for (const { value } of state.objects.entries({ gte: from, lt })) {
      const group = commonPrefix(value.key, walk.prefix, walk.delimiter);
      if (group !== undefined) {
        yield { prefix: group };
        jump = behindPrefix(walk.bucket, group);
        break;
      }
      yield { version: value, latest: true };
      for (const version of archived(state, walk.bucket, value.key)) yield { version, latest: false };
    }
    if (!jump) return;
    from = jump;
  }
}

/** What stands behind one version of the marked key, and then all keys behind it. */
function* walkFrom(state: State, walk: Walk, versionId: string): Iterable<Step> {
  const marked = findVersion(state, walk.bucket, walk.after, versionId);
  if (marked && state.objects.get(objectKey(walk.bucket, walk.after))) {
    for (const version of archived(state, walk.bucket, walk.after)) {
      if (version.seq < marked.seq) yield { version, latest: false };
    }
  }
  yield* walkVersions(state, walk);
}

export const listObjectVersions: Operation<'s3', 'ListObjectVersions'> = (input, call) => {
  const bucket = openBucket(call, input);
  checkEncoding(input.EncodingType);
  const { KeyMarker: after = '', VersionIdMarker: versionMarker = '', Prefix: prefix = '' } = input;
  if (input.VersionIdMarker === '' && after !== '') {
    throw invalidArgument('A version-id marker cannot be empty.', 'version-id-marker', '');
  }
  if (versionMarker !== '' && after === '') {
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      versionMarker,
    );
  }
  const limit = pageSize(input.MaxKeys);
  const url = urlEncoder(input.EncodingType);
  const Owner = { ID: canonicalId(bucket.account) };
  const walk = { bucket: bucket.name, prefix, delimiter: input.Delimiter, after };
  const state = stateOf(call);
  const steps = versionMarker === '' ? walkVersions(state, walk) : walkFrom(state, walk, versionMarker);
  const versions: ListedVersion[] = [];
  const markers: DeleteMarkerEntry[] = [];
  const prefixes: { Prefix: string }[] = [];
  let last: Step | undefined;
  let more = false;
  for (const step of limit > 0 ? steps : []) {
    if (versions.length + markers.length + prefixes.length === limit) {
      more = true;
      break;
    }
    last = step;
    if ('prefix' in step) {
      prefixes.push({ Prefix: url(step.prefix) });
      continue;
    }
    const { version, latest } = step;
    const common = { Key: url(version.key), VersionId: version.versionId, IsLatest: latest, Owner };
    if (version.deleteMarker) markers.push({ ...common, LastModified: new Date(version.modified) });
    else versions.push({ ...(describeListed(version, url) as ListedVersion), ...common });
  }
  return {
    Name: bucket.name,
    Prefix: url(prefix),
    KeyMarker: url(after),
    VersionIdMarker: versionMarker,
    MaxKeys: limit,
    IsTruncated: more,
    ...(versions.length > 0 ? { Versions: versions } : {}),
    ...(markers.length > 0 ? { DeleteMarkers: markers } : {}),
    ...(prefixes.length > 0 ? { CommonPrefixes: prefixes } : {}),
    ...(input.Delimiter ? { Delimiter: url(input.Delimiter) } : {}),
    ...(input.EncodingType ? { EncodingType: 'url' as const } : {}),
    ...(more && last ? nextMarkers(last, url) : {}),
  };
};

function nextMarkers(last: Step, url: (text: string) => string) {
  if ('prefix' in last) return { NextKeyMarker: url(last.prefix) };
  return { NextKeyMarker: url(last.version.key), NextVersionIdMarker: last.version.versionId };
}
