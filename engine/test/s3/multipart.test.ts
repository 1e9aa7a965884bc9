import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { startCloud, type TestCloud } from '../../src/testing';
import { refusal } from './refusal';

let cloud: TestCloud;
let s3: S3Client;
const Bucket = 'multipart';
const MIN = 5 * 1024 * 1024;

beforeAll(async () => {
  cloud = await startCloud();
  // Checksums only where a test asks for them.
  s3 = cloud.client(S3Client, { forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' });
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => cloud.stop());

async function begin(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return {
    UploadId,
    part: (PartNumber: number, Body: Uint8Array | string, extra = {}) =>
      s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...extra })),
    complete: (Parts: { PartNumber: number; ETag?: string | undefined }[], extra = {}) =>
      s3.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...extra }),
      ),
  };
}

const md5 = (...parts: Uint8Array[]) => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(createHash('md5').update(part).digest());
  return `"${hash.digest('hex')}-${parts.length}"`;
};

test('parts become an object, read whole, by range and by part', async () => {
  const parts = [randomBytes(MIN), randomBytes(MIN + 7), randomBytes(11)];
  const upload = await begin('whole', { ContentType: 'video/mp4', Metadata: { a: 'b' } });
  const [one, two, three] = await Promise.all(parts.map((body, i) => upload.part(i * 2 + 1, body)));
  const completed = await upload.complete([
    { PartNumber: 1, ETag: one!.ETag },
    { PartNumber: 3, ETag: two!.ETag },
    { PartNumber: 5, ETag: three!.ETag },
  ]);
  expect(completed).toMatchObject({
    Bucket,
    Key: 'whole',
    ETag: md5(...parts),
    ChecksumType: 'FULL_OBJECT',
    ChecksumCRC64NVME: expect.any(String),
    Location: `${cloud.endpoint}/${Bucket}/whole`,
  });
  const all = Buffer.concat(parts);
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'whole', ChecksumMode: 'ENABLED' }));
  expect(Buffer.from(await got.Body!.transformToByteArray()).equals(all)).toBe(true);
  expect(got).toMatchObject({ ContentType: 'video/mp4', Metadata: { a: 'b' }, ContentLength: all.length });
  const edge = await s3.send(
    new GetObjectCommand({ Bucket, Key: 'whole', Range: `bytes=${MIN - 5}-${MIN + 4}` }),
  );
  expect(Buffer.from(await edge.Body!.transformToByteArray())).toEqual(all.subarray(MIN - 5, MIN + 5));
  const part = await s3.send(new GetObjectCommand({ Bucket, Key: 'whole', PartNumber: 3 }));
  expect(part).toMatchObject({ PartsCount: 3, ContentLength: 11 });
  expect(Buffer.from(await part.Body!.transformToByteArray())).toEqual(parts[2]);
  expect(
    await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: 'whole', PartNumber: 9 }))),
  ).toMatchObject({ status: 416 });
});

test.each([
  ['CRC32', 'COMPOSITE', '5FRUiw==-3'],
  ['CRC32C', 'COMPOSITE', 'XF5+4A==-3'],
  ['SHA1', 'COMPOSITE', 'AyE60nyQoBgJcwsyPHWu7aJuxBs=-3'],
  ['SHA256', 'COMPOSITE', '9o++y6AejqboiJ7MZCx0fahK2Vu5YC/qnNhhYsCLciI=-3'],
  ['CRC32', 'FULL_OBJECT', 'qSEQSA=='],
  ['CRC32C', 'FULL_OBJECT', 'eTdAQA=='],
  ['CRC64NVME', 'FULL_OBJECT', 'ZMNX55lZurA='],
] as const)('%s %s checksum of parts', async (ChecksumAlgorithm, ChecksumType, value) => {
  const member = `Checksum${ChecksumAlgorithm}` as const;
  const Key = `sum-${ChecksumAlgorithm}-${ChecksumType}`;
  const upload = await begin(Key, { ChecksumAlgorithm, ChecksumType });
  const bodies = ['a'.repeat(MIN + 1), 'a'.repeat(MIN + 1), 'a'.repeat(10)];
  const parts = [];
  for (const [i, body] of bodies.entries()) {
    const part = await upload.part(i + 1, body, { ChecksumAlgorithm });
    parts.push({ PartNumber: i + 1, ETag: part.ETag, [member]: part[member] });
  }
  expect(await upload.complete(parts)).toMatchObject({
    [member]: value,
    ChecksumType,
    ETag: '"4d45984fc3feb2ac9b22683c49674b56-3"',
  });
  const attributes = await s3.send(
    new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['Checksum', 'ObjectParts'] }),
  );
  expect(attributes.Checksum).toMatchObject({ [member]: value.replace('-3', ''), ChecksumType });
  expect(attributes.ObjectParts?.TotalPartsCount).toBe(3);
  expect(attributes.ObjectParts?.Parts?.length).toBe(ChecksumType === 'COMPOSITE' ? 3 : undefined);
});

test('what cannot be completed is refused', async () => {
  const upload = await begin('refused');
  const one = await upload.part(1, 'small');
  const two = await upload.part(2, 'last');
  expect(await refusal(upload.complete([]))).toMatchObject({ Code: 'MalformedXML' });
  expect(
    await refusal(
      upload.complete([
        { PartNumber: 2, ETag: two.ETag },
        { PartNumber: 1, ETag: one.ETag },
      ]),
    ),
  ).toMatchObject({ Code: 'InvalidPartOrder', UploadId: upload.UploadId });
  expect(await refusal(upload.complete([{ PartNumber: 1, ETag: '"wrong"' }]))).toMatchObject({
    Code: 'InvalidPart',
    PartNumber: '1',
    ETag: 'wrong',
  });
  expect(await refusal(upload.complete([{ PartNumber: 3, ETag: one.ETag }]))).toMatchObject({
    Code: 'InvalidPart',
    PartNumber: '3',
  });
  expect(
    await refusal(
      upload.complete([
        { PartNumber: 1, ETag: one.ETag },
        { PartNumber: 2, ETag: two.ETag },
      ]),
    ),
  ).toMatchObject({ Code: 'EntityTooSmall', PartNumber: '1', ProposedSize: '5', MinSizeAllowed: `${MIN}` });
  expect(
    await refusal(upload.complete([{ PartNumber: 2, ETag: two.ETag }], { MpuObjectSize: 5 })),
  ).toMatchObject({
    message: "The provided 'x-amz-mp-object-size' header value 5 does not match what was computed: 4",
  });
  expect(await refusal(upload.part(10_001, 'x'))).toMatchObject({
    Code: 'InvalidArgument',
    ArgumentName: 'partNumber',
    ArgumentValue: '10001',
  });
  await upload.complete([{ PartNumber: 2, ETag: two.ETag }]);
  expect(await refusal(upload.part(1, 'x'))).toMatchObject({ Code: 'NoSuchUpload', status: 404 });
});

test('parts and uploads are listed in pages, until they are aborted', async () => {
  const uploads = [await begin('list/a'), await begin('list/a'), await begin('list/b')];
  for (let i = 1; i <= 5; i++) await uploads[0]!.part(i, `part ${i}`);
  const at = { Bucket, Key: 'list/a', UploadId: uploads[0]!.UploadId };
  const first = await s3.send(new ListPartsCommand({ ...at, MaxParts: 3 }));
  expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '3' });
  const rest = await s3.send(new ListPartsCommand({ ...at, PartNumberMarker: first.NextPartNumberMarker }));
  expect(rest.Parts?.map((part) => part.PartNumber)).toEqual([4, 5]);

  const seen: (string | undefined)[] = [];
  let markers = {};
  for (;;) {
    const page = await s3.send(
      new ListMultipartUploadsCommand({ Bucket, Prefix: 'list/', MaxUploads: 1, ...markers }),
    );
    seen.push(...(page.Uploads ?? []).map((one) => one.UploadId));
    if (!page.IsTruncated) break;
    markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
  expect(seen).toEqual(uploads.map((upload) => upload.UploadId));
  const grouped = await s3.send(new ListMultipartUploadsCommand({ Bucket, Delimiter: '/' }));
  expect(grouped.CommonPrefixes).toEqual([{ Prefix: 'list/' }]);

  await s3.send(new AbortMultipartUploadCommand(at));
  expect(await refusal(s3.send(new ListPartsCommand(at)))).toMatchObject({ Code: 'NoSuchUpload' });
  expect(await refusal(s3.send(new AbortMultipartUploadCommand(at)))).toMatchObject({
    Code: 'NoSuchUpload',
  });
});

test('a part may be copied from an object', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'copy/source', Body: '0123456789' }));
  const upload = await begin('copy/target');
  const copy = (more = {}) =>
    s3.send(
      new UploadPartCopyCommand({
        Bucket,
        Key: 'copy/target',
        UploadId: upload.UploadId,
        PartNumber: 1,
        CopySource: `${Bucket}/copy/source`,
        ...more,
      }),
    );
  const { CopyPartResult } = await copy({ CopySourceRange: 'bytes=2-5' });
  expect(CopyPartResult?.ETag).toBe(`"${createHash('md5').update('2345').digest('hex')}"`);
  expect(await refusal(copy({ CopySourceRange: 'bytes=2-50' }))).toMatchObject({ Code: 'InvalidArgument' });
  await upload.complete([{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'copy/target' }));
  expect(await Body!.transformToString()).toBe('2345');
});

test('a completion with a condition sees what happened meanwhile', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'race', Body: 'x' }));
  const upload = await begin('race');
  const { ETag } = await upload.part(1, 'y');
  expect(await refusal(upload.complete([{ PartNumber: 1, ETag }], { IfNoneMatch: '*' }))).toMatchObject({
    Code: 'PreconditionFailed',
    Condition: 'If-None-Match',
  });
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'race' }));
  expect(await refusal(upload.complete([{ PartNumber: 1, ETag }], { IfNoneMatch: '*' }))).toMatchObject({
    Code: 'ConditionalRequestConflict',
    Condition: 'If-None-Match',
    status: 409,
  });
  const again = await begin('race');
  const part = await again.part(1, 'y');
  await again.complete([{ PartNumber: 1, ETag: part.ETag }], { IfNoneMatch: '*' });
});

test('lib-storage uploads in parts', async () => {
  const body = randomBytes(2 * MIN + 12_345);
  const client = cloud.client(S3Client, { forcePathStyle: true });
  await new Upload({ client, params: { Bucket, Key: 'upload', Body: body }, partSize: MIN }).done();
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'upload' }));
  expect(Buffer.from(await Body!.transformToByteArray()).equals(body)).toBe(true);
});
