import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import type { TestCloud } from '../../src/testing';

export const ACCOUNT = '000000000000';

export type Statement = Record<string, unknown>;

export const document = (...Statement: Statement[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: Statement.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })),
  });

/** A document that hangs on a resource, or says whom a role trusts. */
export const trust = (...Statement: Statement[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: Statement.map((one) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...one })),
  });

/** Anybody of the account, as far as their own policies let them. */
export const WHOLE_ACCOUNT = { Principal: { AWS: ACCOUNT }, Action: ['sts:AssumeRole', 'sts:TagSession'] };

let count = 0;

/** A role that the account's administrator may assume, with what its policy says. */
export async function newRole(cloud: TestCloud, ...statements: Statement[]) {
  const iam = cloud.client(IAMClient);
  const RoleName = `caller-${++count}`;
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(WHOLE_ACCOUNT) }),
  );
  if (statements.length > 0) {
    const PolicyDocument = document(...statements);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  }
  return { name: RoleName, arn: Role?.Arn ?? '' };
}

export type Sessions = Awaited<ReturnType<typeof assume>>;

export async function assume(sts: STSClient, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...more }),
  );
  return {
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  };
}

/** Credentials of a new role that may do what the statements say. */
export async function as(cloud: TestCloud, ...statements: Statement[]): Promise<Sessions> {
  return assume(cloud.client(STSClient), (await newRole(cloud, ...statements)).arn);
}

/** Status, code and message of a refusal; undefined where there is none. The caller is left out of the sentence. */
export async function refusal(work: Promise<unknown>): Promise<string | undefined> {
  const error = await work.then(
    () => undefined,
    (failure: Error & { $metadata?: { httpStatusCode?: number } }) => failure,
  );
  return (
    error &&
    `${error.$metadata?.httpStatusCode} ${error.name}: ${error.message.replace(/^User: \S+ is not authorized/, 'not authorized')}`
  );
}
