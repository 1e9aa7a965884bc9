import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import type { EngineEvent } from '../../src/observe';
import type { TestCloud } from '../../src/testing';

/** What AWS's rotation templates do, less the database. `FAIL_AT` names a step that fails. */
export const ROTATING = `
const { SecretsManagerClient, GetSecretValueCommand, PutSecretValueCommand, DescribeSecretCommand,
  UpdateSecretVersionStageCommand, GetRandomPasswordCommand } = require('@aws-sdk/client-secrets-manager');
const client = new SecretsManagerClient({});
exports.handler = async ({ Step, SecretId, ClientRequestToken: token }) => {
  const { VersionIdsToStages: stages } = await client.send(new DescribeSecretCommand({ SecretId }));
  if (!stages[token].includes('AWSPENDING')) throw new Error('not pending');
  if (Step === 'createSecret') {
    const pending = { SecretId, VersionId: token, VersionStage: 'AWSPENDING' };
    const made = await client.send(new GetSecretValueCommand(pending)).catch((error) => error.name);
    if (made === 'ResourceNotFoundException') {
      const { RandomPassword } = await client.send(new GetRandomPasswordCommand({ ExcludePunctuation: true }));
      await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken: token,
        SecretString: 'rotated-' + RandomPassword, VersionStages: ['AWSPENDING'] }));
    }
  }
  if (Step === process.env.FAIL_AT) throw new Error('as it was told');
  if (Step === 'finishSecret') {
    const current = Object.keys(stages).find((id) => stages[id].includes('AWSCURRENT'));
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT',
      MoveToVersionId: token, RemoveFromVersionId: current }));
  }
  console.log('step ' + Step);
};`;

/** Says which step of which version it was asked for, and does nothing. */
export const SAYING =
  "exports.handler = async ({ Step, ClientRequestToken }) => console.log('step ' + Step + ' of ' + ClientRequestToken);";

interface Rotator {
  name: string;
  code?: string;
  variables?: Record<string, string>;
  /** Whether its policy lets Secrets Manager in. */
  open?: boolean;
}

/** A function that rotates secrets, with the permissions that AWS's template gives it. */
export async function newRotator(
  cloud: TestCloud,
  { name, code = ROTATING, variables = {}, open = true }: Rotator,
): Promise<string> {
  const iam = cloud.client(IAMClient);
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    }),
  );
  const Action = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'];
  const Statement = [
    { Effect: 'Allow', Action: Action.map((action) => `secretsmanager:${action}`), Resource: '*' },
    { Effect: 'Allow', Action: ['secretsmanager:GetRandomPassword', 'logs:*'], Resource: '*' },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'own', PolicyDocument }));
  const lambda = cloud.client(LambdaClient);
  const { FunctionArn = '' } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: Role?.Arn,
      Timeout: 20,
      Environment: { Variables: variables },
      Code: { ZipFile: zipSync({ 'index.js': strToU8(code) }) },
    }),
  );
  if (open) await letIn(cloud, name);
  return FunctionArn;
}

export async function letIn(cloud: TestCloud, FunctionName: string, SourceArn?: string): Promise<void> {
  await cloud.client(LambdaClient).send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: 'rotation',
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: '000000000000',
      SourceArn,
    }),
  );
}

/** Resolves with the first event from now on that `choose` finds something in. */
export function seen<T>(cloud: TestCloud, choose: (event: EngineEvent) => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const end = cloud.cloud.parts.events.subscribe((event) => {
      const found = choose(event);
      if (found === undefined) return;
      end();
      resolve(found);
    });
  });
}

export const logged = (text: string) => (event: EngineEvent) =>
  event.type === 'log' && event.message.includes(text) ? event.message : undefined;

export const warned = (text: string) => (event: EngineEvent) =>
  event.type === 'engine' && event.message.includes(text) ? event.message : undefined;
