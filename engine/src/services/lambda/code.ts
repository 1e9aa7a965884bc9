import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { BadArchive, inspectArchive, MAX_UNZIPPED_BYTES } from '../../functions/archive';
import { AwsError, type Call, isAwsError } from '../../kernel';
import type { Blob } from '../../storage';
import { invalid, tooLarge } from './errors';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_UPLOAD = 52_428_800;

export interface CodeSource {
  ZipFile?: Uint8Array | undefined;
  S3Bucket?: string | undefined;
  S3Key?: string | undefined;
  S3ObjectVersion?: string | undefined;
}

export interface StoredCode {
  blob: string;
  size: number;
  /** Bytes, unpacked. */
  unzipped: number;
  sha256: string;
}

/** Fetches code, checks it, and keeps it. */
export async function storeCode(source: CodeSource, call: Call): Promise<StoredCode> {
  const hash = createHash('sha256');
  let blob: Blob;
  if (source.ZipFile !== undefined) {
    if (source.ZipFile.length > MAX_UPLOAD)
      throw tooLarge(`Zipped size must be smaller than ${MAX_UPLOAD} bytes`);
    if (source.ZipFile.length === 0) throw invalid('Uploaded file must be a non-empty zip');
    blob = await call.parts.blobs.write(source.ZipFile, (chunk) => hash.update(chunk));
  } else if (source.S3Bucket !== undefined && source.S3Key !== undefined) {
    let size = 0;
    blob = await call.parts.blobs.write(await fetchObject(source, call), (chunk) => {
      size += chunk.length;
      // An archive never unpacks to less than itself by much: beyond this it cannot pass.
      if (size > MAX_UNZIPPED_BYTES)
        throw invalid(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`);
      hash.update(chunk);
    });
  } else throw invalid('Please provide a source for function code.');
  try {
    const { size, entries } = await inspectArchive(call.parts.blobs.path(blob.id));
    if (entries === 0) throw invalid('Uploaded file must be a non-empty zip');
    if (size > MAX_UNZIPPED_BYTES)
      throw invalid(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`);
    return { blob: blob.id, size: blob.size, unzipped: size, sha256: hash.digest('base64') };
  } catch (error) {
    await call.parts.blobs.remove(blob.id);
    if (error instanceof BadArchive) {
      throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
    }
    throw error;
  }
}

/** As the caller: who may not read the object may not make a function of it. */
async function fetchObject(source: CodeSource, call: Call): Promise<Readable> {
  try {
    const object = await call.invoke('s3', 'GetObject', {
      Bucket: source.S3Bucket,
      Key: source.S3Key,
      ...(source.S3ObjectVersion === undefined ? {} : { VersionId: source.S3ObjectVersion }),
    });
    const body: unknown = object.Body;
    if (body instanceof Readable) return body;
    return Readable.from([Buffer.from(body as Uint8Array)]);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    if (error.status === 501) throw error;
    const message = ['NoSuchBucket', 'NoSuchKey', 'NoSuchVersion'].includes(error.code)
      ? `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`
      : `Your access has been denied by S3, please make sure your request credentials have permission to GetObject for ${source.S3Bucket}/${source.S3Key}. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`;
    if (error.code.startsWith('AccessDenied')) {
      throw new AwsError('AccessDeniedException', message, { status: 403, members: { Type: 'User' } });
    }
    throw invalid(message);
  }
}
