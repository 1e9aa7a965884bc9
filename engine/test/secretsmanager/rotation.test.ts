import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { strToU8, zipSync } from 'fflate';
import type { EngineEvent } from '../../src/observe';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
});

afterAll(() => cloud.stop());

/** What AWS's rotation templates do, less the database. */
const code = `
const { SecretsManagerClient, GetSecretValueCommand, PutSecretValueCommand, DescribeSecretCommand,
  UpdateSecretVersionStageCommand } = require('@aws-sdk/client-secrets-manager');
const client = new SecretsManagerClient({});
exports.handler = async ({ Step, SecretId, ClientRequestToken: token }) => {
  const { VersionIdsToStages: stages } = await client.send(new DescribeSecretCommand({ SecretId }));
  if (!stages[token].includes('AWSPENDING')) throw new Error('not pending');
  if (Step === 'createSecret') {
    const pending = { SecretId, VersionId: token, VersionStage: 'AWSPENDING' };
    const made = await client.send(new GetSecretValueCommand(pending)).catch((error) => error.name);
    if (made !== 'ResourceNotFoundException') throw new Error('made already');
    await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken: token,
      SecretString: 'rotated', VersionStages: ['AWSPENDING'] }));
  }
  if (Step === 'finishSecret') {
    const current = Object.keys(stages).find((id) => stages[id].includes('AWSCURRENT'));
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT',
      MoveToVersionId: token, RemoveFromVersionId: current }));
  }
  console.log('step ' + Step);
};`;

test('a rotation runs the four steps of its function', async () => {
  const secrets = cloud.client(SecretsManagerClient);
  const { Role } = await cloud.client(IAMClient).send(
    new CreateRoleCommand({
      RoleName: 'rotator',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    }),
  );
  const { FunctionArn } = await cloud.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'rotator',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: Role?.Arn,
      Timeout: 20,
      Code: { ZipFile: zipSync({ 'index.js': strToU8(code) }) },
    }),
  );
  const { VersionId: first } = await secrets.send(
    new CreateSecretCommand({ Name: 'turning', SecretString: 'first' }),
  );
  await expect(
    secrets.send(
      new RotateSecretCommand({ SecretId: 'turning', RotationLambdaARN: `${FunctionArn}-not-there` }),
    ),
  ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  const finished = new Promise<void>((resolve, reject) => {
    cloud.cloud.parts.events.subscribe((event: EngineEvent) => {
      if (event.type === 'log' && event.message.includes('step finishSecret')) resolve();
      if (event.type === 'engine' && event.message.startsWith('rotation of'))
        reject(new Error(event.message));
    });
  });
  const { VersionId } = await secrets.send(
    new RotateSecretCommand({
      SecretId: 'turning',
      RotationLambdaARN: FunctionArn,
      RotationRules: { AutomaticallyAfterDays: 30 },
    }),
  );
  await finished;
  const value = await secrets.send(new GetSecretValueCommand({ SecretId: 'turning' }));
  expect(value).toMatchObject({ SecretString: 'rotated', VersionId });
  const told = await secrets.send(new DescribeSecretCommand({ SecretId: 'turning' }));
  expect(told).toMatchObject({
    RotationEnabled: true,
    RotationLambdaARN: FunctionArn,
    RotationRules: { AutomaticallyAfterDays: 30 },
    VersionIdsToStages: { [first ?? '']: ['AWSPREVIOUS'], [VersionId ?? '']: ['AWSCURRENT', 'AWSPENDING'] },
  });
});
