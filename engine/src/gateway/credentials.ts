/** What a request says of its signer; whether it is true is `identity`'s to say. */
export interface ClaimedCredentials {
  accessKeyId: string;
  region: string;
  /** The signing name of the service. */
  service: string;
  presigned: boolean;
}

const SCOPE = /Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]*)\/([A-Za-z0-9_-]+)\/aws4_request/;

/**
 * The credential scope out of the Authorization header or a presigned query.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function claimedCredentials(
  authorization: string | undefined,
  query: string,
): ClaimedCredentials | undefined {
  if (authorization) {
    const match = SCOPE.exec(authorization);
    if (match)
      return {
        accessKeyId: match[1]!,
        region: match[2]! || 'us-east-1',
        service: match[3]!,
        presigned: false,
      };
    return undefined;
  }
  // Signature version 2 names neither service nor region; S3 alone takes it.
  if (/(?:^|&)AWSAccessKeyId=/.test(query) && /(?:^|&)(?:Signature|Expires)=/.test(query)) {
    const accessKeyId = new URLSearchParams(query).get('AWSAccessKeyId') ?? '';
    return { accessKeyId, region: 'us-east-1', service: 's3', presigned: true };
  }
  if (!query.includes('X-Amz-Credential=')) return undefined;
  const credential = new URLSearchParams(query).get('X-Amz-Credential') ?? '';
  const match = SCOPE.exec(`Credential=${credential}`);
  return match
    ? { accessKeyId: match[1]!, region: match[2]! || 'us-east-1', service: match[3]!, presigned: true }
    : undefined;
}
