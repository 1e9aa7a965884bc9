import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { CreateReplicationGroupCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateDBInstanceCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  waitUntilDBInstanceAvailable,
} from '@aws-sdk/client-rds';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { strToU8, zipSync } from 'fflate';
import { startCloud, type TestCloud } from '../../src/testing';
import { ACCOUNT, newRole, trust } from './callers';

let cloud: TestCloud;
let stateDirectory: string;
/** All that must be found nowhere: in clear, and in base64. */
const secrets = new Set<string>();
/** What the engine said: its events, its answers to failing calls, its pages. */
const said: string[] = [];

beforeAll(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'sweep-'));
  cloud = await startCloud({ stateDirectory, iam: 'enforce' });
  cloud.cloud.parts.events.subscribe((event) => said.push(JSON.stringify(event)));
});
afterAll(() => rm(stateDirectory, { recursive: true, force: true }));

let count = 0;
/** A secret of its own for each use. */
function secret(kind: string): string {
  const text = `swordfish-${kind}-${++count}`;
  keep(text);
  return text;
}

function keep(text: string | undefined): void {
  if (!text) throw new Error('nothing to keep');
  secrets.add(text);
  secrets.add(Buffer.from(text).toString('base64').replace(/=+$/, ''));
}

function foundIn(text: string): string[] {
  return [...secrets].filter((one) => text.includes(one));
}

/** A call that fails, and must not say why with a secret in it. */
async function fails(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  const told = JSON.stringify({ ...error, name: error.name, message: error.message });
  said.push(told);
  return told;
}

type Client = TestCloud['client'];

/** Everything that takes a secret; by a caller who may nothing all of it fails. */
const uses = (client: Client) => [
  () =>
    client(SecretsManagerClient).send(
      new CreateSecretCommand({ Name: 'db', SecretString: secret('created') }),
    ),
  () =>
    client(SecretsManagerClient).send(
      new PutSecretValueCommand({ SecretId: 'db', SecretBinary: Buffer.from(secret('put')) }),
    ),
  () =>
    client(SecretsManagerClient).send(
      new UpdateSecretCommand({ SecretId: 'db', SecretString: secret('updated') }),
    ),
  () => client(SecretsManagerClient).send(new GetSecretValueCommand({ SecretId: 'db' })),
  () =>
    client(SSMClient).send(
      new PutParameterCommand({ Name: '/db', Type: 'SecureString', Value: secret('parameter') }),
    ),
  () => client(SSMClient).send(new GetParameterCommand({ Name: '/db', WithDecryption: true })),
];

test('secrets are used, well and badly', async () => {
  for (const use of uses(cloud.client)) await use();
  const key = await useKeys();
  await useDatabases();
  await useFunctions(key);
  await useCallers();
  await useStacks();
  await failEverywhere();
}, 60_000);

async function useKeys(): Promise<string> {
  const kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.Arn ?? '';
  const Plaintext = Buffer.from(secret('plaintext'));
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
  await kms.send(new DecryptCommand({ CiphertextBlob }));
  const data = await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
  secrets.add(Buffer.from(data.Plaintext ?? []).toString('base64'));
  secrets.add(Buffer.from(data.Plaintext ?? []).toString('latin1'));
  return KeyId;
}

async function useDatabases(): Promise<void> {
  const rds = cloud.client(RDSClient);
  const DBInstanceIdentifier = 'shop';
  const available = () =>
    waitUntilDBInstanceAvailable(
      { client: rds, minDelay: 1, maxDelay: 1, maxWaitTime: 25 },
      { DBInstanceIdentifier },
    );
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier,
      Engine: 'postgres',
      DBInstanceClass: 'db.t4g.micro',
      AllocatedStorage: 20,
      MasterUsername: 'owner',
      MasterUserPassword: secret('master'),
    }),
  );
  await available();
  await rds.send(
    new ModifyDBInstanceCommand({ DBInstanceIdentifier, MasterUserPassword: secret('new-master') }),
  );
  await available();
  await cloud.client(ElastiCacheClient).send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: 'cache',
      ReplicationGroupDescription: 'cache',
      CacheNodeType: 'cache.t4g.micro',
      Engine: 'valkey',
      TransitEncryptionEnabled: true,
      AuthToken: secret('auth-token-of-a-cache'),
    }),
  );
}

async function useFunctions(KMSKeyArn: string): Promise<void> {
  const { Role } = await cloud.client(IAMClient).send(
    new CreateRoleCommand({
      RoleName: 'execution',
      AssumeRolePolicyDocument: trust({ Principal: { Service: 'lambda.amazonaws.com' } }),
    }),
  );
  const lambda = cloud.client(LambdaClient);
  const make = (FunctionName: string, value: string, more: object = {}) =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: Role?.Arn,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipSync({ 'index.js': strToU8('exports.handler = async () => "done";') }) },
        Environment: { Variables: { PASSWORD: value } },
        ...more,
      }),
    );
  await make('plain', secret('variable'));
  await make('sealed', secret('sealed-variable'), { KMSKeyArn });
  for (const FunctionName of ['plain', 'sealed']) {
    const Payload = JSON.stringify({ card: secret('payload') });
    await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    await lambda.send(new InvokeCommand({ FunctionName, Payload, InvocationType: 'Event' }));
  }
  // AWS quotes the variables to whoever sent them; nobody else reads them.
  await expect(make('large', secret('large').padEnd(5000, '-'))).rejects.toThrow('String measured');
}

/** Access keys and sessions. */
async function useCallers(): Promise<void> {
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: 'clerk' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'clerk' }));
  keep(AccessKey?.SecretAccessKey);
  const { arn: RoleArn } = await newRole(cloud);
  const { Credentials } = await cloud
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'sweep' }));
  keep(Credentials?.SecretAccessKey);
  keep(Credentials?.SessionToken);
  // Both are used, in calls that are refused: for want of a permission, and of a signature.
  const user = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  const session = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const forged = { ...session, secretAccessKey: secret('forged') };
  const unknown = { ...session, sessionToken: secret('unknown-token') };
  for (const credentials of [user, session, forged, unknown]) {
    const client: Client = (Client, overrides) => cloud.client(Client, { credentials, ...overrides });
    for (const use of uses(client)) await fails(use());
  }
}

async function useStacks(): Promise<void> {
  const cloudformation = cloud.client(CloudFormationClient);
  await cloud
    .client(SecretsManagerClient)
    .send(new CreateSecretCommand({ Name: 'looked-up', SecretString: secret('looked-up') }));
  const fn = (value: unknown) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      Role: `arn:aws:iam::${ACCOUNT}:role/execution`,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: 'exports.handler = async () => 1' },
      Environment: { Variables: { PASSWORD: value, PADDING: '-'.repeat(5000) } },
    },
  });
  const given = { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: { Ref: 'Password' } } };
  const stacks = {
    good: { Given: given },
    'bad-parameter': { Given: given, Fn: fn({ 'Fn::Sub': 'is ${Password}' }) },
    'bad-reference': { Given: given, Fn: fn('{{resolve:secretsmanager:looked-up}}') },
  };
  for (const [StackName, Resources] of Object.entries(stacks)) {
    await cloudformation.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: JSON.stringify({
          Parameters: { Password: { Type: 'String', NoEcho: true } },
          Resources,
        }),
        Parameters: [{ ParameterKey: 'Password', ParameterValue: secret('no-echo') }],
      }),
    );
    const settled = waitUntilStackCreateComplete(
      { client: cloudformation, minDelay: 1, maxDelay: 1, maxWaitTime: 30 },
      { StackName },
    );
    if (StackName === 'good') await settled;
    else await expect(settled).rejects.toThrow();
    const events = await cloudformation.send(new DescribeStackEventsCommand({ StackName }));
    const resources = await cloudformation.send(new DescribeStackResourcesCommand({ StackName }));
    const described = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    said.push(JSON.stringify([events.StackEvents, resources.StackResources, described.Stacks]));
    if (StackName !== 'good') expect(said.at(-1)).toContain('String measured');
  }
}

async function failEverywhere(): Promise<void> {
  const manager = cloud.client(SecretsManagerClient);
  const ssm = cloud.client(SSMClient);
  const kms = cloud.client(KMSClient);
  const rds = cloud.client(RDSClient);
  const create = (Name: string, SecretString: string) =>
    manager.send(new CreateSecretCommand({ Name, SecretString }));
  const put = (more: object) =>
    ssm.send(new PutParameterCommand({ Name: '/x', Type: 'SecureString', Value: 'x', ...more }));
  const instance = (MasterUserPassword: string) =>
    rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: 'another',
        Engine: 'postgres',
        DBInstanceClass: 'db.t4g.micro',
        AllocatedStorage: 20,
        MasterUsername: 'owner',
        MasterUserPassword,
      }),
    );
  await fails(create('db', secret('twice')));
  await fails(create('not a name', secret('unnamed')));
  await fails(create('too-long', secret('long').repeat(5000)));
  await fails(put({ Value: secret('long-parameter').repeat(1000) }));
  await fails(put({ Value: secret('no-match'), AllowedPattern: '^[0-9]+$' }));
  await fails(put({ Value: secret('bad-type'), Type: 'Nothing' }));
  await fails(put({ Value: secret('bad-key'), KeyId: 'alias/none' }));
  await fails(instance(`${secret('master-of')}@/`));
  await fails(instance(secret('master').repeat(20)));
  await fails(manager.send(new RotateSecretCommand({ SecretId: 'db' })));
  const Plaintext = Buffer.from(secret('too-large').repeat(1000));
  await fails(kms.send(new EncryptCommand({ KeyId: 'alias/none', Plaintext })));
  await failInside();
}

/** A key whose material is damaged: what KMS was to encrypt must not show in what the engine says of it. */
async function failInside(): Promise<void> {
  const kms = cloud.client(KMSClient, { maxAttempts: 1 });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId ?? '';
  const materials = cloud.cloud.database
    .store('kms', ACCOUNT, 'us-east-1')
    .collection<unknown>('materials', { sealed: true });
  materials.put([KeyId, 0], { id: 'damaged', secret: secret('damaged') });
  const Plaintext = Buffer.from(secret('inside'));
  const told = await fails(kms.send(new EncryptCommand({ KeyId, Plaintext })));
  expect(told).toContain('InternalFailure');
}

test('nothing that the engine says holds one', async () => {
  for (const page of ['status', 'failures', 'access', 'urls']) {
    const response = await fetch(`${cloud.endpoint}/_tierkit/${page}`);
    said.push(await response.text());
  }
  const requests = said.flatMap((line) => /"type":"request".*"requestId":"([^"]+)"/.exec(line)?.[1] ?? []);
  for (const id of requests.slice(-50)) {
    const response = await fetch(`${cloud.endpoint}/_tierkit/explain?request=${id}`);
    said.push(await response.text());
  }
  expect(said.length).toBeGreaterThan(200);
  expect(said.filter((line) => foundIn(line).length > 0)).toEqual([]);
});

test("nothing that the engine keeps holds one in clear, and all of it is its owner's only", async () => {
  await cloud.stop();
  const files = filesIn(stateDirectory);
  expect(files).toEqual(expect.arrayContaining(['state.key', 'state.lmdb']));
  const held = files.flatMap((file) => {
    const found = foundIn(readFileSync(join(stateDirectory, file)).toString('latin1'));
    return found.map((one) => `${file}: ${one}`);
  });
  expect(held).toEqual([]);
}, 30_000);

/** Paths of all files below a folder, which must be closed to others as they must be. */
function filesIn(root: string): string[] {
  const open: string[] = [];
  const files: string[] = [];
  // What Node keeps of compiled code it keeps as it will, in a folder that only the owner may enter.
  const nodes = join(root, 'compile-cache') + sep;
  const walk = (path: string): void => {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return;
    if (stat.mode & 0o077 && !path.startsWith(nodes))
      open.push(`${relative(root, path)} ${(stat.mode & 0o777).toString(8)}`);
    if (!stat.isDirectory()) files.push(relative(root, path));
    else for (const name of readdirSync(path)) walk(join(path, name));
  };
  walk(root);
  expect(open).toEqual([]);
  return files;
}
