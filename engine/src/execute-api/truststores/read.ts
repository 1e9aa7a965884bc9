import { Readable } from 'node:stream';
import { AwsError, type Call, isAwsError } from '../../kernel';
import { blocksOf, Truststore } from './truststore';

const MOST_CERTIFICATES = 1000;
const MOST_BYTES = 1024 * 1024;

const badRequest = (message: string) => new AwsError('BadRequestException', message, { status: 400 });

/** Reads a truststore, and what is wrong with it. */
export async function readTruststore(
  call: Call,
  uri: string,
  version: string | undefined,
): Promise<{ pem: string; warnings: string[] }> {
  const pem = await truststoreText(call, uri, version);
  if (blocksOf(pem).length > MOST_CERTIFICATES)
    throw badRequest(`The truststore ${uri} has more than ${MOST_CERTIFICATES} certificates`);
  const truststore = Truststore.parse(pem);
  if (truststore.certificates.length === 0)
    throw badRequest(`The truststore ${uri} has no valid certificate`);
  return { pem, warnings: truststore.warnings(call.clock.millis()) };
}

/**
 * What S3 has of a truststore, for whoever calls: they must be allowed to read it.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_MutualTlsAuthentication.html
 */
export async function truststoreText(
  call: Call,
  uri: string,
  VersionId: string | undefined,
): Promise<string> {
  const [, Bucket, Key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/s.exec(uri) ?? [];
  if (Bucket === undefined || Key === undefined)
    throw badRequest(`Invalid truststore URI ${uri}: it must be of the form s3://bucket-name/key-name`);
  try {
    const object = await call.invoke('s3', 'GetObject', { Bucket, Key, VersionId });
    const body: unknown = object.Body;
    if (Number(object.ContentLength) > MOST_BYTES) {
      if (body instanceof Readable) body.destroy();
      throw badRequest(`The truststore ${uri} is larger than 1 MB`);
    }
    const chunks: Buffer[] = body instanceof Uint8Array ? [Buffer.from(body)] : [];
    if (body instanceof Readable) for await (const chunk of body) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('latin1');
  } catch (error) {
    if (!isAwsError(error) || error.code === 'BadRequestException') throw error;
    throw badRequest(
      `The truststore ${uri} cannot be read. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    );
  }
}
