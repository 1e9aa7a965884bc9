import type { Call } from '../../../kernel';
import type { PolicyStatement } from '../../../kernel/policy-document';
import { type Grant, type Key, stateOf } from '../store';

/** What a grant's constraints say nothing of. https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html */
const WITHOUT_CONTEXT = new Set([
  'DescribeKey',
  'GetPublicKey',
  'RetireGrant',
  'Sign',
  'Verify',
  'GenerateMac',
  'VerifyMac',
  'DeriveSharedSecret',
]);

/**
 * A key's policy with its grants in it: a grant allows its grantee what a statement of the policy would.
 * https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export function policyWithGrants(call: Call, key: Key): string {
  const grants = [...stateOf(call).grants.values({ prefix: key.id })];
  if (grants.length === 0) return key.policy;
  const policy: { Statement: PolicyStatement | PolicyStatement[] } = JSON.parse(key.policy);
  return JSON.stringify({ ...policy, Statement: [policy.Statement, ...grants.map(statementsOf)].flat() });
}

function statementsOf(grant: Grant): PolicyStatement[] {
  const free = grant.operations.filter((operation) => WITHOUT_CONTEXT.has(operation));
  const bound = grant.operations.filter(
    (operation) => !WITHOUT_CONTEXT.has(operation) && operation !== 'CreateGrant',
  );
  const made: PolicyStatement[] = [];
  if (free.length > 0) made.push(statement(grant, 'meta', free, {}));
  if (bound.length > 0) made.push(statement(grant, 'use', bound, constraintsOf(grant)));
  if (grant.operations.includes('CreateGrant')) {
    // Whoever hands a grant on gives no more than it has.
    const handed = {
      'ForAllValues:StringEquals': { 'kms:GrantOperations': grant.operations },
      Null: { 'kms:GrantOperations': 'false' },
    };
    made.push(statement(grant, 'delegate', ['CreateGrant'], { ...constraintsOf(grant), ...handed }));
  }
  return made;
}

function statement(
  grant: Grant,
  part: string,
  operations: readonly string[],
  condition: NonNullable<PolicyStatement['Condition']>,
): PolicyStatement {
  const isService = grant.grantee.endsWith('.amazonaws.com');
  return {
    Sid: `grant ${grant.id} ${part}`,
    Effect: 'Allow',
    Principal: isService ? { Service: grant.grantee } : { AWS: grant.grantee },
    Action: operations.map((operation) => `kms:${operation}`),
    Resource: '*',
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}

function constraintsOf({ constraints }: Grant): NonNullable<PolicyStatement['Condition']> {
  const equals = constraints?.EncryptionContextEquals;
  const context = equals ?? constraints?.EncryptionContextSubset;
  if (!context) return {};
  const pairs = Object.entries(context).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]);
  return {
    StringEquals: Object.fromEntries(pairs),
    // Equal is what has nothing besides.
    ...(equals ? { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': Object.keys(equals) } } : {}),
  };
}

/** Whether a caller may retire a grant because of the grant itself. */
export function mayRetire(call: Call, grant: Grant): boolean {
  const { arn, roleArn } = call.principal;
  const isCaller = (name: string | undefined) => name !== undefined && (name === arn || name === roleArn);
  return isCaller(grant.retiring) || (grant.operations.includes('RetireGrant') && isCaller(grant.grantee));
}
