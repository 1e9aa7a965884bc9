import {
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let ssm: SSMClient;

beforeAll(async () => {
  cloud = await startCloud();
  ssm = cloud.client(SSMClient);
});

afterAll(() => cloud.stop());

const put = (Name: string, Value: string, more = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));

test('a parameter has versions, and each can be had', async () => {
  expect(await put('/app/url', 'one')).toMatchObject({ Version: 1, Tier: 'Standard' });
  await expect(put('/app/url', 'two')).rejects.toMatchObject({
    name: 'ParameterAlreadyExists',
    message:
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  });
  expect((await put('/app/url', 'two', { Overwrite: true })).Version).toBe(2);
  await ssm.send(
    new LabelParameterVersionCommand({ Name: '/app/url', ParameterVersion: 1, Labels: ['good', '1st'] }),
  );
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/app/url:good' }));
  expect(Parameter).toEqual({
    Name: '/app/url',
    Type: 'String',
    Value: 'one',
    Version: 1,
    Selector: ':good',
    LastModifiedDate: expect.any(Date),
    ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url',
    DataType: 'text',
  });
  await expect(ssm.send(new GetParameterCommand({ Name: '/app/url:9' }))).rejects.toMatchObject({
    name: 'ParameterVersionNotFound',
  });
  const { Parameters } = await ssm.send(new GetParameterHistoryCommand({ Name: '/app/url' }));
  expect(Parameters?.map(({ Value, Labels }) => [Value, Labels])).toEqual([
    ['one', ['good']],
    ['two', []],
  ]);
});

test.each(['Standard', 'Advanced'] as const)(
  'a secret of the tier %s is encrypted until asked for',
  async (Tier) => {
    const Name = `/secret/${Tier}`;
    await put(Name, 'hidden', { Type: 'SecureString', Tier });
    const closed = await ssm.send(new GetParameterCommand({ Name }));
    expect(closed.Parameter?.Value).not.toContain('hidden');
    const open = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    expect(open.Parameter).toMatchObject({ Type: 'SecureString', Value: 'hidden' });
    const { Parameters } = await ssm.send(
      new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: [Name] }] }),
    );
    expect(Parameters).toMatchObject([{ Name, KeyId: 'alias/aws/ssm', Tier, Policies: [] }]);
  },
);

test('paths are walked a page at a time', async () => {
  for (const name of ['/tree/a', '/tree/b', '/tree/b/c', '/tree/d', '/treehouse']) await put(name, 'x');
  const all: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ssm.send(
      new GetParametersByPathCommand({ Path: '/tree', Recursive: true, MaxResults: 2, NextToken }),
    );
    expect(page.Parameters?.length).toBeLessThanOrEqual(2);
    all.push(...(page.Parameters ?? []).map((parameter) => parameter.Name));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(all).toEqual(['/tree/a', '/tree/b', '/tree/b/c', '/tree/d']);
  const flat = await ssm.send(new GetParametersByPathCommand({ Path: '/tree/' }));
  expect(flat.Parameters?.map((parameter) => parameter.Name)).toEqual(['/tree/a', '/tree/b', '/tree/d']);
});

test('what is not there is told beside what is', async () => {
  await put('here', 'x');
  const got = await ssm.send(new GetParametersCommand({ Names: ['here', 'gone', 'here:7'] }));
  expect(got.Parameters?.map((parameter) => parameter.Name)).toEqual(['here']);
  expect(got.InvalidParameters).toEqual(['gone', 'here:7']);
  const deleted = await ssm.send(new DeleteParametersCommand({ Names: ['here', 'gone'] }));
  expect(deleted).toMatchObject({ DeletedParameters: ['here'], InvalidParameters: ['gone'] });
  await expect(ssm.send(new GetParameterCommand({ Name: 'here' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
});

test.each([
  ['aws-name', 'x', {}, 'ValidationException'],
  ['/aws/x/y', 'x', {}, 'AccessDeniedException'],
  ['/a//b', 'x', {}, 'ValidationException'],
  ['long', 'x'.repeat(4097), {}, 'ValidationException'],
  ['pattern', 'abc', { AllowedPattern: '^\\d+$' }, 'ParameterPatternMismatchException'],
  [`/${'a/'.repeat(16)}b`, 'x', {}, 'HierarchyLevelLimitExceededException'],
])('%s is refused', async (name, value, more, error) => {
  await expect(put(name, value, more)).rejects.toMatchObject({ name: error });
});
