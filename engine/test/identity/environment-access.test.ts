import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  ListGrantsCommand,
  RevokeGrantCommand,
} from '@aws-sdk/client-kms';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { startCloud, type TestCloud } from '../../src/testing';
import { ACCOUNT, as, document, refusal, trust } from './callers';

let cloud: TestCloud;
let admin: LambdaClient;
let kms: KMSClient;
let key: { id: string; arn: string };
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  admin = cloud.client(LambdaClient);
  kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  key = { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' };
});
afterAll(() => cloud.stop());

const LAMBDA = { Action: 'lambda:*' };

async function executionRole(RoleName: string, ...statements: Record<string, unknown>[]): Promise<string> {
  const iam = cloud.client(IAMClient);
  const AssumeRolePolicyDocument = trust({ Principal: { Service: 'lambda.amazonaws.com' } });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  if (statements.length > 0) {
    const PolicyDocument = document(...statements);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  }
  return Role?.Arn ?? '';
}

const code = zipSync({ 'index.js': strToU8('exports.handler = async () => process.env.PASSWORD ?? null;') });

async function create(FunctionName: string, more: Partial<CreateFunctionCommandInput> = {}, client = admin) {
  const Role = more.Role ?? (await executionRole(FunctionName));
  return client.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: code },
      Environment: { Variables: { PASSWORD: 'hidden' } },
      KMSKeyArn: key.arn,
      ...more,
      Role,
    }),
  );
}

async function invoke(FunctionName: string): Promise<unknown> {
  const { Payload } = await admin.send(new InvokeCommand({ FunctionName }));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

const session = (name: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${name}`;

test("variables under a customer's key: the role is granted what it needs", async () => {
  const made = await create('sealed');
  expect(made).toMatchObject({ KMSKeyArn: key.arn, Environment: { Variables: { PASSWORD: 'hidden' } } });
  const { Grants } = await kms.send(new ListGrantsCommand({ KeyId: key.id }));
  expect(Grants?.find(({ GranteePrincipal }) => GranteePrincipal === session('sealed'))).toMatchObject({
    Operations: ['Decrypt', 'RetireGrant'],
    Constraints: { EncryptionContextEquals: { 'aws:lambda:FunctionArn': made.FunctionArn } },
  });
  expect(await invoke('sealed')).toBe('hidden');
});

test('whoever may not decrypt sees all but the variables', async () => {
  await create('read');
  const client = cloud.client(LambdaClient, await as(cloud, LAMBDA));
  const told = await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'read' }));
  expect(told.KMSKeyArn).toBe(key.arn);
  expect(told.Environment).toEqual({
    Error: {
      ErrorCode: 'AccessDeniedException',
      Message: expect.stringMatching(
        /^Lambda was unable to decrypt your environment variables because the KMS access was denied\. Please check your KMS permissions\. KMS Exception: AccessDeniedException KMS Message: User: \S+ is not authorized to perform: kms:Decrypt on resource: \S+ because no identity-based policy allows the kms:Decrypt action$/,
      ),
    },
  });
  const { Functions } = await client.send(new ListFunctionsCommand({}));
  expect(Functions?.find(({ FunctionName }) => FunctionName === 'read')?.Environment).toEqual(
    told.Environment,
  );
  const via = { StringEquals: { 'kms:ViaService': 'lambda.us-east-1.amazonaws.com' } };
  const decrypt = { Action: 'kms:Decrypt', Resource: key.arn, Condition: via };
  const reader = cloud.client(LambdaClient, await as(cloud, LAMBDA, decrypt));
  const read = await reader.send(new GetFunctionConfigurationCommand({ FunctionName: 'read' }));
  expect(read.Environment).toEqual({ Variables: { PASSWORD: 'hidden' } });
});

test('whoever sets them up needs to encrypt, and to grant', async () => {
  const Role = await executionRole('by-others');
  const pass = { Action: 'iam:PassRole' };
  const grant = { Action: 'kms:CreateGrant', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } };
  const may = async (...statements: Record<string, unknown>[]) =>
    cloud.client(LambdaClient, await as(cloud, LAMBDA, pass, ...statements));
  const denied = (action: string) =>
    expect.stringMatching(
      new RegExp(
        `^403 AccessDeniedException: Lambda was unable to configure access .* access was denied\\. .*kms:${action} on resource: ${key.arn}`,
      ),
    );
  expect(await refusal(create('by-others', { Role }, await may()))).toEqual(denied('CreateGrant'));
  expect(await refusal(create('by-others', { Role }, await may(grant)))).toEqual(denied('Encrypt'));
  const whole = await may(grant, { Action: 'kms:Encrypt', Resource: key.arn });
  expect(await refusal(create('by-others', { Role }, whole))).toBeUndefined();
  expect(await invoke('by-others')).toBe('hidden');
});

test('a key that cannot be used stops the function from starting', async () => {
  await create('stopped');
  await kms.send(new DisableKeyCommand({ KeyId: key.id }));
  expect(await refusal(invoke('stopped'))).toBe(
    `502 KMSDisabledException: Lambda was unable to decrypt the environment variables because the KMS key used is disabled. Please check the function's KMS key settings. KMS Exception: DisabledExceptionKMS Message: ${key.arn} is disabled.`,
  );
  await kms.send(new EnableKeyCommand({ KeyId: key.id }));
  const { Grants } = await kms.send(
    new ListGrantsCommand({ KeyId: key.id, GranteePrincipal: session('stopped') }),
  );
  await kms.send(new RevokeGrantCommand({ KeyId: key.id, GrantId: Grants?.[0]?.GrantId }));
  expect(await refusal(invoke('stopped'))).toBe(
    `502 KMSAccessDeniedException: Lambda was unable to decrypt the environment variables because KMS access was denied. Please check the function's KMS key settings. KMS Exception: AccessDeniedExceptionKMS Message: User: ${session('stopped')} is not authorized to perform: kms:Decrypt on resource: ${key.arn} because no identity-based policy allows the kms:Decrypt action`,
  );
  const update = new UpdateFunctionConfigurationCommand({ FunctionName: 'stopped', KMSKeyArn: '' });
  expect(await admin.send(update)).not.toHaveProperty('KMSKeyArn');
  expect(await invoke('stopped')).toBe('hidden');
});

test('a denial of the role counts before the grant', async () => {
  const Role = await executionRole('denied', { Effect: 'Deny', Action: 'kms:Decrypt' });
  await create('denied', { Role });
  expect(await refusal(invoke('denied'))).toContain('with an explicit deny in an identity-based policy');
});

test('another role, another key, and the end of the function', async () => {
  await create('moving');
  const Role = await executionRole('moved');
  const configure = (more: object) =>
    admin.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'moving', ...more }));
  await configure({ Role });
  expect(await invoke('moving')).toBe('hidden');
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await configure({ KMSKeyArn: KeyMetadata?.Arn });
  expect(await invoke('moving')).toBe('hidden');
  await admin.send(new DeleteFunctionCommand({ FunctionName: 'moving' }));
  const { Grants } = await kms.send(new ListGrantsCommand({ KeyId: KeyMetadata?.KeyId }));
  expect(Grants).toEqual([]);
});

test("a key's alias is none for a grant", async () => {
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/variables', TargetKeyId: key.id }));
  const KMSKeyArn = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/variables`;
  expect(await refusal(create('by-alias', { KMSKeyArn }))).toBe(
    '400 InvalidParameterValueException: Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. Please check your KMS key settings. KMS Exception: InvalidArnException KMS Message: Key Aliases are not supported for this operation.',
  );
});
