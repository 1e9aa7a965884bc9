import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let secrets: SecretsManagerClient;
let count = 0;

beforeAll(async () => {
  cloud = await startCloud();
  secrets = cloud.client(SecretsManagerClient);
});

afterAll(() => cloud.stop());

async function make(SecretString = 'one', Name = `secret-${count++}`) {
  const made = await secrets.send(new CreateSecretCommand({ Name, SecretString }));
  return { Name, ARN: made.ARN ?? '', VersionId: made.VersionId ?? '' };
}

async function stages(SecretId: string): Promise<Record<string, string[] | undefined>> {
  const { Versions } = await secrets.send(new ListSecretVersionIdsCommand({ SecretId }));
  return Object.fromEntries((Versions ?? []).map((version) => [version.VersionId, version.VersionStages]));
}

test('a secret is found by its name, its ARN and its ARN without the suffix', async () => {
  const { Name, ARN, VersionId } = await make();
  expect(ARN).toMatch(
    new RegExp(`^arn:aws:secretsmanager:us-east-1:000000000000:secret:${Name}-[A-Za-z0-9]{6}$`),
  );
  for (const SecretId of [Name, ARN, ARN.slice(0, -7)]) {
    const value = await secrets.send(new GetSecretValueCommand({ SecretId }));
    expect(value).toMatchObject({
      ARN,
      Name,
      VersionId,
      SecretString: 'one',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: expect.any(Date),
    });
  }
  await expect(
    secrets.send(new GetSecretValueCommand({ SecretId: `${ARN.slice(0, -6)}aaaaaa` })),
  ).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
});

test('a secret without a value says so', async () => {
  await secrets.send(new CreateSecretCommand({ Name: 'empty' }));
  expect(
    (await secrets.send(new DescribeSecretCommand({ SecretId: 'empty' }))).VersionIdsToStages,
  ).toBeUndefined();
  await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'empty' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
  });
  const put = await secrets.send(
    new PutSecretValueCommand({ SecretId: 'empty', SecretBinary: new Uint8Array([0, 255]) }),
  );
  expect(put.VersionStages).toEqual(['AWSCURRENT']);
  const { SecretBinary } = await secrets.send(new GetSecretValueCommand({ SecretId: 'empty' }));
  expect([...(SecretBinary ?? [])]).toEqual([0, 255]);
});

test('labels move as versions come', async () => {
  const { Name, VersionId: first } = await make('one');
  const { VersionId: second } = await secrets.send(
    new UpdateSecretCommand({ SecretId: Name, SecretString: 'two' }),
  );
  expect(await stages(Name)).toEqual({ [first]: ['AWSPREVIOUS'], [second ?? '']: ['AWSCURRENT'] });
  const { VersionId: third } = await secrets.send(
    new PutSecretValueCommand({ SecretId: Name, SecretString: 'three', VersionStages: ['AWSPENDING'] }),
  );
  const move = { SecretId: Name, VersionStage: 'AWSCURRENT', MoveToVersionId: third };
  await expect(secrets.send(new UpdateSecretVersionStageCommand(move))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${second}, so you must explicitly reference that version in RemoveFromVersionId.`,
  });
  await secrets.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: second }));
  expect(await stages(Name)).toEqual({
    [second ?? '']: ['AWSPREVIOUS'],
    [third ?? '']: ['AWSCURRENT', 'AWSPENDING'],
  });
  const previous = await secrets.send(
    new GetSecretValueCommand({ SecretId: Name, VersionStage: 'AWSPREVIOUS' }),
  );
  expect(previous.SecretString).toBe('two');
});

test('a token is used once', async () => {
  const { Name } = await make();
  const ClientRequestToken = 'a'.repeat(32);
  const put = (SecretString: string) =>
    secrets.send(new PutSecretValueCommand({ SecretId: Name, ClientRequestToken, SecretString }));
  await put('two');
  expect((await put('two')).VersionId).toBe(ClientRequestToken);
  await expect(put('three')).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('a deleted secret can be restored, a forced deletion is final', async () => {
  const { Name } = await make();
  await secrets.send(new DeleteSecretCommand({ SecretId: Name, RecoveryWindowInDays: 7 }));
  await expect(secrets.send(new GetSecretValueCommand({ SecretId: Name }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: "You can't perform this operation on the secret because it was marked for deletion.",
  });
  await expect(make('again', Name)).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message:
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
  });
  await secrets.send(new RestoreSecretCommand({ SecretId: Name }));
  expect((await secrets.send(new GetSecretValueCommand({ SecretId: Name }))).SecretString).toBe('one');
  await secrets.send(new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true }));
  await expect(secrets.send(new DescribeSecretCommand({ SecretId: Name }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  expect((await make('anew', Name)).VersionId).not.toBe('');
});

test('lists are filtered', async () => {
  await secrets.send(
    new CreateSecretCommand({
      Name: 'theatre/db',
      SecretString: 'x',
      Tags: [{ Key: 'tier', Value: 'data' }],
    }),
  );
  const { SecretList } = await secrets.send(
    new ListSecretsCommand({
      Filters: [
        { Key: 'name', Values: ['theatre/'] },
        { Key: 'tag-key', Values: ['tier'] },
      ],
    }),
  );
  expect(SecretList?.map((secret) => secret.Name)).toEqual(['theatre/db']);
});

test('a rotation needs a function that is there', async () => {
  const { Name } = await make();
  await expect(secrets.send(new RotateSecretCommand({ SecretId: Name }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: 'No Lambda rotation function ARN is associated with this secret.',
  });
  const { RandomPassword } = await secrets.send(new GetRandomPasswordCommand({}));
  expect(RandomPassword).toHaveLength(32);
});
