import { type PolicyStatement, parsePolicy } from '../../kernel/policy-document';
import type { Bucket } from './records';

const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

/** Conditions that hold a statement to known callers: with one of them it is not public. */
const NARROWING = [
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:userid',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalarn',
  'aws:principalaccount',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
];

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status */
export function isPublicStatement(statement: PolicyStatement): boolean {
  if (statement.Effect !== 'Allow') return false;
  const { Principal: principal } = statement;
  const everybody =
    statement.NotPrincipal !== undefined ||
    principal === '*' ||
    (typeof principal === 'object' &&
      principal !== null &&
      Object.values(principal).some((names: string | string[]) => listOf(names).includes('*')));
  if (!everybody) return false;
  const keys = Object.values(statement.Condition ?? {}).flatMap((test) => Object.keys(test));
  return !keys.some((key) => NARROWING.includes(key.toLowerCase()));
}

/** Whether a bucket's policy lets the public in. */
export function isPublicPolicy({ policy }: Bucket): boolean {
  return policy !== undefined && parsePolicy(policy, 'resource').Statement.some(isPublicStatement);
}
