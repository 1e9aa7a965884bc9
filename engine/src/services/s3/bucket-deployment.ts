import { basename } from 'node:path/posix';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Call, defineResource, type Input, isAwsError, notImplemented } from '../../kernel';
import { contentTypeOf } from './content-types';
import { type Archive, type DeployedFile, openArchive, replaceMarkers } from './deployment-archive';
import { asFunctionOf } from './deployment-role';
import { flag } from './resource-bucket-types';

/** What CDK's BucketDeployment hands its Python function; done here, as AWS's needs Python and the AWS CLI. */
interface Properties {
  ServiceToken?: unknown;
  SourceBucketNames: string[];
  SourceObjectKeys: string[];
  SourceMarkers?: Record<string, unknown>[];
  SourceMarkersConfig?: { jsonEscape?: unknown }[];
  DestinationBucketName: string;
  DestinationBucketKeyPrefix?: string;
  DestinationBucketArn?: string;
  RetainOnDelete?: unknown;
  Extract?: unknown;
  Prune?: unknown;
  Exclude?: string[];
  Include?: string[];
  UserMetadata?: Record<string, string>;
  SystemMetadata?: Record<string, string>;
  DistributionId?: string;
  DistributionPaths?: string[];
  OutputObjectKeys?: unknown;
  OutputObjectVersionIds?: unknown;
}

type PutInput = Input<'s3', 'PutObject'>;

/** Options of `aws s3 sync`, by the names CDK gives them. */
const SYSTEM: Readonly<Record<string, keyof PutInput>> = {
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-language': 'ContentLanguage',
  'content-type': 'ContentType',
  'storage-class': 'StorageClass',
  sse: 'ServerSideEncryption',
  'sse-kms-key-id': 'SSEKMSKeyId',
  acl: 'ACL',
  'website-redirect': 'WebsiteRedirectLocation',
};

function headers(properties: Properties): Partial<PutInput> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties.SystemMetadata ?? {})) {
    const option = name.toLowerCase();
    if (option === 'expires') out.Expires = new Date(value);
    else if (Object.hasOwn(SYSTEM, option)) out[SYSTEM[option]!] = value;
    else throw notImplemented(`Custom::CDKBucketDeployment SystemMetadata ${name}`);
  }
  const user = Object.entries(properties.UserMetadata ?? {});
  if (user.length > 0)
    out.Metadata = Object.fromEntries(user.map(([key, value]) => [key.toLowerCase(), value]));
  return out as Partial<PutInput>;
}

/** `s3://bucket/prefix` as the CLI reads it: a folder. */
function folder(prefix: string | undefined): string {
  if (!prefix || prefix === '/') return '';
  return prefix.endsWith('/') ? prefix : `${prefix}/`;
}

/** `*`, `?` and `[…]` as the CLI's filters read them: a star takes slashes too. */
function pattern(text: string): RegExp {
  const source = text
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\[!/g, '[^')
    .replace(/\*/g, '[\\s\\S]*')
    .replace(/\?/g, '[\\s\\S]');
  return new RegExp(`^${source}$`);
}

/** The last filter that matches decides; the excludes come first. */
function filter({ Exclude = [], Include = [] }: Properties): (path: string) => boolean {
  const filters = [
    ...Exclude.map((text) => ({ takes: false, test: pattern(text) })),
    ...Include.map((text) => ({ takes: true, test: pattern(text) })),
  ].reverse();
  return (path) => filters.find(({ test }) => test.test(path))?.takes ?? true;
}

interface Planned {
  file: DeployedFile;
  markers: Record<string, unknown>;
  json: boolean;
}

/** All files of all sources; where two have one path, the later source wins. */
function plan(archives: Archive[], properties: Properties): Map<string, Planned> {
  const files = new Map<string, Planned>();
  archives.forEach((archive, index) => {
    const markers = properties.SourceMarkers?.[index] ?? {};
    const json = flag(properties.SourceMarkersConfig?.[index]?.jsonEscape);
    for (const file of archive.files) files.set(file.path, { file, markers, json });
  });
  return files;
}

async function upload(call: Call, properties: Properties, key: string, planned: Planned): Promise<void> {
  const stream = await planned.file.open();
  const marked = Object.keys(planned.markers).length > 0;
  const body = marked ? replaceMarkers(await buffer(stream), planned.markers, planned.json) : stream;
  const type = contentTypeOf(key);
  await call.invoke('s3', 'PutObject', {
    Bucket: properties.DestinationBucketName,
    Key: key,
    Body: body,
    ...(type === undefined ? {} : { ContentType: type }),
    ...headers(properties),
  });
}

async function* keysBelow(call: Call, bucket: string, prefix: string): AsyncIterable<string> {
  let token: string | undefined;
  do {
    const page = await call.invoke('s3', 'ListObjectsV2', {
      Bucket: bucket,
      Prefix: prefix,
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

async function removeAll(call: Call, bucket: string, keys: AsyncIterable<string>): Promise<void> {
  for await (const Key of keys) await call.invoke('s3', 'DeleteObject', { Bucket: bucket, Key });
}

async function* stale(
  call: Call,
  properties: Properties,
  prefix: string,
  deployed: ReadonlySet<string>,
): AsyncIterable<string> {
  const takes = filter(properties);
  for await (const key of keysBelow(call, properties.DestinationBucketName, prefix)) {
    if (!deployed.has(key) && takes(key.slice(prefix.length))) yield key;
  }
}

async function sources(call: Call, properties: Properties): Promise<Archive[]> {
  const { SourceBucketNames: buckets, SourceObjectKeys: keys } = properties;
  const archives: Archive[] = [];
  try {
    for (const [index, key] of keys.entries()) {
      const bucket = buckets[index] ?? '';
      archives.push(
        flag(properties.Extract ?? true)
          ? await openArchive(call, bucket, key)
          : await asItIs(call, bucket, key),
      );
    }
    return archives;
  } catch (error) {
    await Promise.all(archives.map((archive) => archive.close()));
    throw error;
  }
}

/** A source that is deployed as the file it is. */
async function asItIs(call: Call, bucket: string, key: string): Promise<Archive> {
  const { Body } = await call.invoke('s3', 'GetObject', { Bucket: bucket, Key: key });
  const stream =
    Body instanceof Readable ? Body : Readable.from([Body ?? Buffer.alloc(0)], { objectMode: false });
  return {
    files: [{ path: basename(key), open: async () => stream }],
    close: async () => void stream.destroy(),
  };
}

async function deploy(call: Call, properties: Properties) {
  const prefix = folder(properties.DestinationBucketKeyPrefix);
  const takes = filter(properties);
  const archives = await sources(call, properties);
  const deployed = new Set<string>();
  try {
    for (const [path, planned] of plan(archives, properties)) {
      const key = prefix + path;
      deployed.add(key);
      if (takes(path)) await upload(call, properties, key, planned);
    }
  } finally {
    await Promise.all(archives.map((archive) => archive.close()));
  }
  if (flag(properties.Prune ?? true)) {
    await removeAll(call, properties.DestinationBucketName, stale(call, properties, prefix, deployed));
  }
  await invalidate(call, properties);
  return attributes(call, properties, prefix);
}

async function invalidate(call: Call, properties: Properties): Promise<void> {
  if (!properties.DistributionId) return;
  const below = `/${folder(properties.DestinationBucketKeyPrefix)}*`.replace(/^\/\//, '/');
  const Items = properties.DistributionPaths ?? [below];
  // Caches here forget at once: there is nothing to wait for, whatever WaitForDistributionInvalidation says.
  await call.invoke('cloudfront', 'CreateInvalidation', {
    DistributionId: properties.DistributionId,
    InvalidationBatch: { Paths: { Quantity: Items.length, Items }, CallerReference: call.ids.uuid() },
  });
}

async function attributes(call: Call, properties: Properties, prefix: string) {
  const versions: string[] = [];
  for (const key of flag(properties.OutputObjectVersionIds) ? properties.SourceObjectKeys : []) {
    const head = await call
      .invoke('s3', 'HeadObject', { Bucket: properties.DestinationBucketName, Key: prefix + basename(key) })
      .catch((error: unknown) => {
        if (isAwsError(error, 'NotFound')) return undefined;
        throw error;
      });
    versions.push(head?.VersionId ?? '');
  }
  return {
    ...(properties.DestinationBucketArn === undefined
      ? {}
      : { DestinationBucketArn: properties.DestinationBucketArn }),
    SourceObjectKeys: flag(properties.OutputObjectKeys ?? true) ? properties.SourceObjectKeys : [],
    ...(flag(properties.OutputObjectVersionIds) ? { SourceObjectVersionIds: versions } : {}),
  };
}

/** Another deployment owns the folder now (CDK tags the bucket so): its files must stay. */
async function isOwned(call: Call, properties: Properties): Promise<boolean> {
  const prefix = properties.DestinationBucketKeyPrefix ?? '';
  const tag = `aws-cdk:cr-owned${prefix === '' || prefix === '/' ? '' : `:${prefix}`}`;
  const { TagSet = [] } = await call
    .invoke('s3', 'GetBucketTagging', { Bucket: properties.DestinationBucketName })
    .catch(() => ({ TagSet: [] }));
  return TagSet.some(({ Key }) => Key?.startsWith(tag));
}

const where = (properties: Properties) =>
  `${properties.DestinationBucketName}/${folder(properties.DestinationBucketKeyPrefix)}`;

async function empty(call: Call, properties: Properties): Promise<void> {
  const { DestinationBucketName: bucket } = properties;
  await removeAll(call, bucket, keysBelow(call, bucket, folder(properties.DestinationBucketKeyPrefix)));
}

export const bucketDeploymentResource = defineResource<Properties>({
  type: 'Custom::CDKBucketDeployment',
  properties: {
    ServiceToken: true,
    ServiceTimeout: true,
    SourceBucketNames: true,
    SourceObjectKeys: true,
    SourceMarkers: true,
    SourceMarkersConfig: true,
    DestinationBucketName: true,
    DestinationBucketKeyPrefix: true,
    DestinationBucketArn: true,
    RetainOnDelete: true,
    Extract: true,
    Prune: true,
    Exclude: true,
    Include: true,
    UserMetadata: true,
    SystemMetadata: true,
    DistributionId: true,
    DistributionPaths: true,
    WaitForDistributionInvalidation: true,
    OutputObjectKeys: true,
    OutputObjectVersionIds: true,
    // How the CLI signs its uploads: in this process nothing is signed.
    SignContent: true,
  },

  async create({ call: asked, properties }) {
    const call = await asFunctionOf(asked, properties.ServiceToken);
    return {
      physicalId: `aws.cdk.s3deployment.${call.ids.uuid()}`,
      attributes: await deploy(call, properties),
    };
  },

  async update({ call: asked, properties, previous, physicalId }) {
    const call = await asFunctionOf(asked, properties.ServiceToken);
    if (!flag(properties.RetainOnDelete ?? true) && where(previous) !== where(properties)) {
      await empty(call, previous);
    }
    return { physicalId, attributes: await deploy(call, properties) };
  },

  async delete({ call: asked, properties }) {
    if (flag(properties.RetainOnDelete ?? true)) return;
    const call = await asFunctionOf(asked, properties.ServiceToken);
    try {
      if (!(await isOwned(call, properties))) await empty(call, properties);
    } catch (error) {
      if (!isAwsError(error, 'NoSuchBucket')) throw error;
    }
    await invalidate(call, properties);
  },
});
