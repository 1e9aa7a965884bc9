import { AwsError } from '../../kernel';

/** S3's errors, with the further elements that AWS puts beside Code and Message. */
export function s3Error(
  code: string,
  status: number,
  message: string,
  members?: Record<string, unknown>,
): AwsError {
  return new AwsError(code, message, members ? { status, members } : { status });
}

export const invalidArgument = (message: string, name: string, value?: string | null): AwsError =>
  s3Error('InvalidArgument', 400, message, {
    ArgumentName: name,
    ...(value === undefined ? {} : { ArgumentValue: value }),
  });

export const invalidRequest = (message: string): AwsError => s3Error('InvalidRequest', 400, message);

export const malformedXml = (): AwsError =>
  s3Error(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

export const noSuchBucket = (bucket: string): AwsError =>
  s3Error('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: bucket });

export const noSuchKey = (key: string): AwsError =>
  s3Error('NoSuchKey', 404, 'The specified key does not exist.', { Key: key });

export const noSuchVersion = (key: string, versionId: string): AwsError =>
  s3Error('NoSuchVersion', 404, 'The specified version does not exist.', {
    Key: key,
    VersionId: versionId,
  });

export const noSuchUpload = (uploadId: string): AwsError =>
  s3Error(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: uploadId },
  );

export const accessDenied = (message = 'Access Denied'): AwsError => s3Error('AccessDenied', 403, message);

export const objectLocked = (): AwsError =>
  accessDenied('Access Denied because object protected by object lock.');

export const preconditionFailed = (condition: string): AwsError =>
  s3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });

/** A header whose value AWS itself refuses: its own 501, not ours. */
export const headerNotImplemented = (header: string, additionalMessage?: string): AwsError =>
  s3Error('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', {
    Header: header,
    ...(additionalMessage ? { additionalMessage } : {}),
  });

export const methodNotAllowed = (method: string, resource: string): AwsError =>
  s3Error('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
    Method: method,
    ResourceType: resource,
  });

/** 404 for a part of a bucket's configuration that was never set. */
export const notConfigured = (code: string, bucket: string, message: string): AwsError =>
  s3Error(code, 404, message, { BucketName: bucket });
