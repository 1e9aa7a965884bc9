import type { Operation } from '../../kernel';
import { PolicyProblem, type PolicyStatement, parsePolicy } from '../../kernel/policy-document';
import { bucketArn, changeBucket, openBucket } from './access';
import { isPublic } from './acl';
import { accessDenied, notConfigured, s3Error } from './errors';
import { isPublicPolicy, isPublicStatement } from './public-policy';
import type { Bucket } from './records';

const malformed = (message: string) => s3Error('MalformedPolicy', 400, message);
const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

const MAX_POLICY = 20 * 1024;

/** Of an action that only buckets, or only objects, have, a statement must name some. */
function checkResources(bucket: string, statement: PolicyStatement): void {
  const resources = listOf(statement.Resource ?? statement.NotResource);
  if (resources.length === 0) throw malformed('Missing required field Resource');
  const own = bucketArn(bucket);
  for (const resource of resources) {
    const pattern = new RegExp(
      `^${resource
        .split('/')[0]!
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '.*')
        .replace(/\?/g, '.')}$`,
    );
    if (!pattern.test(own)) throw malformed('Policy has invalid resource');
  }
  const actions = listOf(statement.Action);
  for (const action of actions) {
    if (action !== '*' && !/^s3(-[a-z-]+)?:/i.test(action)) throw malformed('Policy has invalid action');
  }
  const ofObjects = resources.some((resource) => resource.includes('/') || resource.endsWith('*'));
  const onlyObjects = /^s3:(Get|Put|Delete|Restore|Replicate|Abort)(Object|MultipartUpload)(?!LockConf)/i;
  const misfit = actions.length > 0 && actions.every((action) => onlyObjects.test(action)) && !ofObjects;
  if (misfit) throw malformed('Action does not apply to any resource(s) in statement');
}

function statementsOf(text: string, bucket: string): PolicyStatement[] {
  if (!text.startsWith('{')) {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !('Statement' in value)) {
      throw malformed('Missing required field Statement');
    }
    const { Statement: statements } = parsePolicy(text, 'resource');
    for (const statement of statements) checkResources(bucket, statement);
    return statements;
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw malformed("Policies must be valid JSON and the first byte must be '{'");
    }
    if (error instanceof PolicyProblem) throw malformed(s3Words(error.message));
    throw error;
  }
}

function s3Words(message: string): string {
  if (message.startsWith('Invalid principal')) return 'Invalid principal in policy';
  if (message.startsWith('Policy statement must contain actions')) return 'Missing required field Action';
  return message;
}

export const putBucketPolicy: Operation<'s3', 'PutBucketPolicy'> = (input, call) => {
  const bucket = openBucket(call, input);
  const text = input.Policy ?? '';
  if (Buffer.byteLength(text) > MAX_POLICY) {
    throw s3Error('PolicyTooLarge', 400, `Policy exceeds the maximum allowed document size.`);
  }
  const statements = statementsOf(text, bucket.name);
  if (bucket.publicAccessBlock?.BlockPublicPolicy && statements.some(isPublicStatement)) {
    throw accessDenied(
      `User: ${call.principal.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(bucket.name)}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    );
  }
  changeBucket(call, bucket, { policy: text });
  call.response.status = 204;
  return {};
};

const noPolicy = (bucket: Bucket) =>
  notConfigured('NoSuchBucketPolicy', bucket.name, 'The bucket policy does not exist');

export const getBucketPolicy: Operation<'s3', 'GetBucketPolicy'> = (input, call) => {
  const bucket = openBucket(call, input);
  if (bucket.policy === undefined) throw noPolicy(bucket);
  return { Policy: bucket.policy };
};

export const deleteBucketPolicy: Operation<'s3', 'DeleteBucketPolicy'> = (input, call) => {
  changeBucket(call, openBucket(call, input), { policy: undefined });
  return {};
};

export const getBucketPolicyStatus: Operation<'s3', 'GetBucketPolicyStatus'> = (input, call) => {
  const bucket = openBucket(call, input);
  if (bucket.policy === undefined) throw noPolicy(bucket);
  const { publicAccessBlock: block } = bucket;
  const byPolicy = !block?.RestrictPublicBuckets && isPublicPolicy(bucket);
  const byAcl = !block?.IgnorePublicAcls && isPublic(bucket.acl);
  return { PolicyStatus: { IsPublic: byPolicy || byAcl } };
};
