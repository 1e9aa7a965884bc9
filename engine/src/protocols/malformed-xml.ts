import { AwsError } from '../kernel/errors';

/** S3's answer to a document it cannot take: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function malformedXml(operation: { name: string }): AwsError {
  return new AwsError(
    operation.name.endsWith('Acl') ? 'MalformedACLError' : 'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    { status: 400 },
  );
}
