import { Readable } from 'node:stream';
import { type BeyondAnswer, type Call, type Input, notImplemented } from '../../kernel';
import { invalidArgument, s3Error } from './errors';
import { FormReader } from './form-parts';
import { checkPolicy, type SizeLimits, signer } from './form-policy';
import { location } from './multipart-complete';

/** The bodies that came in by a form: their objects' events say so. */
export function posted(call: Call): WeakSet<object> {
  return call.memo('s3.posted', () => new WeakSet());
}

const HEADERS: Readonly<Record<string, keyof Input<'s3', 'PutObject'>>> = {
  acl: 'ACL',
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-type': 'ContentType',
  'x-amz-storage-class': 'StorageClass',
  'x-amz-website-redirect-location': 'WebsiteRedirectLocation',
  'x-amz-server-side-encryption': 'ServerSideEncryption',
  'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
  'x-amz-checksum-crc32': 'ChecksumCRC32',
  'x-amz-checksum-crc32c': 'ChecksumCRC32C',
  'x-amz-checksum-crc64nvme': 'ChecksumCRC64NVME',
  'x-amz-checksum-sha1': 'ChecksumSHA1',
  'x-amz-checksum-sha256': 'ChecksumSHA256',
};

/** Fields that are about the form itself. */
const OWN =
  /^(key|bucket|policy|signature|awsaccesskeyid|success_action_redirect|success_action_status|redirect|x-amz-(signature|algorithm|credential|date|security-token)|x-ignore-.*)$/;

function inputOf(fields: ReadonlyMap<string, string>): Partial<Input<'s3', 'PutObject'>> {
  const input: Record<string, unknown> = {};
  const metadata: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (name.startsWith('x-amz-meta-')) metadata[name.slice('x-amz-meta-'.length)] = value;
    else if (name === 'expires') input.Expires = new Date(value);
    else if (Object.hasOwn(HEADERS, name)) input[HEADERS[name]!] = value;
    else if (name === 'tagging' || name.startsWith('x-amz-')) {
      if (!OWN.test(name)) throw notImplemented(`the S3 POST Object field ${name}`);
    }
  }
  return { ...input, Metadata: metadata };
}

/** The file, held against the sizes its policy allows. */
async function* within(file: AsyncIterable<Buffer>, limits: SizeLimits | undefined): AsyncIterable<Buffer> {
  let size = 0;
  for await (const chunk of file) {
    size += chunk.length;
    if (!limits || size <= limits.max) yield chunk;
  }
  if (limits && size > limits.max) {
    throw s3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: String(size),
      MaxSizeAllowed: String(limits.max),
    });
  }
  if (limits && size < limits.min) {
    throw s3Error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(size),
      MinSizeAllowed: String(limits.min),
    });
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html */
export async function postObject(call: Call, bucket: string, body: Readable): Promise<BeyondAnswer> {
  const type = call.http?.headers['content-type'] ?? '';
  const boundary = /^multipart\/form-data\s*;.*boundary="?([^";,]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) {
    throw s3Error(
      'PreconditionFailed',
      412,
      'At least one of the pre-conditions you specified did not hold',
      {
        Condition: 'Bucket POST must be of the enclosure-type multipart/form-data',
      },
    );
  }
  const form = new FormReader(body, boundary);
  const { fields, fileName } = await form.fields();
  if (fileName === undefined) {
    throw invalidArgument('POST requires exactly one file upload per request.', 'file', '0');
  }
  const template = fields.get('key');
  if (template === undefined) {
    throw invalidArgument(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      'key',
      '',
    );
  }
  const as = signer(call, fields) ?? call.principal;
  const limits = fields.has('policy')
    ? checkPolicy(call, new Map([...fields, ['bucket', bucket]]))
    : undefined;
  const key = template.replaceAll('${filename}', fileName);
  const file = Readable.from(within(form.file(), limits), { objectMode: false });
  posted(call).add(file);
  const { ETag: etag = '' } = await call.invoke(
    's3',
    'PutObject',
    { ...inputOf(fields), Bucket: bucket, Key: key, Body: file },
    { as },
  );
  return answer(call, fields, { bucket, key, etag });
}

function answer(
  call: Call,
  fields: ReadonlyMap<string, string>,
  object: { bucket: string; key: string; etag: string },
): BeyondAnswer {
  const at = location(call, object.bucket, object.key);
  const headers = { ETag: object.etag, Location: at };
  const redirect = fields.get('success_action_redirect') ?? fields.get('redirect');
  if (redirect !== undefined && URL.canParse(redirect)) {
    const url = new URL(redirect);
    for (const [name, value] of Object.entries(object)) url.searchParams.set(name, value);
    return { status: 303, headers: { ...headers, Location: url.href } };
  }
  const status = fields.get('success_action_status');
  if (status === '200') return { status: 200, headers };
  if (status !== '201') return { status: 204, headers };
  const element = (name: string, text: string) =>
    `<${name}>${text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</${name}>`;
  return {
    status: 201,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>${element('Location', at)}${element('Bucket', object.bucket)}${element('Key', object.key)}${element('ETag', object.etag)}</PostResponse>`,
  };
}
