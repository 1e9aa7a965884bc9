import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { HttpRequest } from '@smithy/core/protocols';
import { startCloud, type TestCloud } from '../../src/testing';
import { parameter, Stacks } from './helpers';

let cloud: TestCloud;
let stacks: Stacks;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startCloud();
  stacks = new Stacks(cloud.client(CloudFormationClient));
  s3 = cloud.client(S3Client, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'templates' }));
});

afterAll(() => cloud.stop());

function put(Key: string, template: object) {
  return s3.send(new PutObjectCommand({ Bucket: 'templates', Key, Body: JSON.stringify(template) }));
}

test('a nested stack is made, updated and deleted with its parent', async () => {
  const inner = (suffix: string) => ({
    Parameters: { Text: { Type: 'String' } },
    Resources: { A: parameter({ 'Fn::Sub': `\${Text}${suffix}` }, { Name: '/nested' }) },
    Outputs: { Value: { Value: { 'Fn::GetAtt': ['A', 'Value'] } } },
  });
  const outer = (key: string, text: string) => ({
    Resources: {
      Inner: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: {
          TemplateURL: `https://s3.us-east-1.amazonaws.com/templates/${key}`,
          Parameters: { Text: text },
        },
      },
    },
    Outputs: {
      Inner: { Value: { Ref: 'Inner' } },
      Value: { Value: { 'Fn::GetAtt': ['Inner', 'Outputs.Value'] } },
    },
  });
  await put('one.json', inner('!'));
  await put('two.json', inner('?'));
  await stacks.create('outer', outer('one.json', 'hello'));
  expect(await stacks.reasons('outer')).toEqual([]);
  const { Inner = '', Value } = await stacks.outputs('outer');
  expect(Value).toBe('hello!');
  const parent = await stacks.describe('outer');
  expect(await stacks.describe(Inner)).toMatchObject({ ParentId: parent.StackId, RootId: parent.StackId });

  await stacks.update('outer', outer('two.json', 'bye'));
  expect(await stacks.outputs('outer')).toEqual({ Inner, Value: 'bye?' });

  await stacks.client.send(new DeleteStackCommand({ StackName: 'outer' }));
  expect((await stacks.describe(Inner)).StackStatus).toBe('DELETE_COMPLETE');
  await expect(
    cloud.client(SSMClient).send(new GetParameterCommand({ Name: '/nested' })),
  ).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
});

describe('a template in S3', () => {
  const template = { Description: 'from S3', Resources: { A: parameter('x') } };

  test.each([
    ['virtual host', 'https://templates.s3.us-east-1.amazonaws.com/t.json'],
    ['virtual host without region', 'https://templates.s3.amazonaws.com/t.json'],
    ['path style', 'https://s3.us-east-1.amazonaws.com/templates/t.json'],
    ['path style without region', 'https://s3.amazonaws.com/templates/t.json'],
    ['local name', 'http://templates.s3.localhost.localstack.cloud:4566/t.json'],
  ])('is found by its %s', async (_, TemplateURL) => {
    await put('t.json', template);
    const { Description } = await stacks.client.send(new ValidateTemplateCommand({ TemplateURL }));
    expect(Description).toBe('from S3');
  });

  test('is found at the engine itself', async () => {
    await put('t.json', template);
    const { Description } = await stacks.client.send(
      new ValidateTemplateCommand({ TemplateURL: `${cloud.endpoint}/templates/t.json` }),
    );
    expect(Description).toBe('from S3');
  });

  test('is found under the name that the asker has for the engine, as outside a container', async () => {
    await put('t.json', template);
    const client = cloud.client(CloudFormationClient);
    client.middlewareStack.add(
      (next) => (args) => {
        // A published port of a container, at the bridge's address.
        if (HttpRequest.isInstance(args.request)) args.request.headers.host = '172.17.0.1:32783';
        return next(args);
      },
      { step: 'build', priority: 'low' },
    );
    const { Description } = await client.send(
      new ValidateTemplateCommand({ TemplateURL: 'http://172.17.0.1:32783/templates/t.json' }),
    );
    expect(Description).toBe('from S3');
  });

  test('is refused elsewhere', async () => {
    await expect(
      stacks.client.send(new ValidateTemplateCommand({ TemplateURL: 'https://example.com/t.json' })),
    ).rejects.toMatchObject({ message: 'TemplateURL must be a supported URL.' });
    await expect(
      stacks.client.send(new ValidateTemplateCommand({ TemplateURL: 's3://templates/t.json' })),
    ).rejects.toMatchObject({
      message: 'S3 error: Domain name specified in templates is not a valid S3 domain',
    });
  });
});

test('templates are told about', async () => {
  const TemplateBody = JSON.stringify({
    Description: 'told',
    Parameters: { P: { Type: 'String', Default: 'd', AllowedValues: ['d', 'e'], Description: 'which' } },
    Resources: {
      A: parameter('x'),
      R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
    },
  });
  const summary = await stacks.client.send(new GetTemplateSummaryCommand({ TemplateBody }));
  expect(summary).toMatchObject({
    Description: 'told',
    Capabilities: ['CAPABILITY_IAM'],
    CapabilitiesReason: 'The following resource(s) require capabilities: [AWS::IAM::Role]',
    ResourceTypes: ['AWS::SSM::Parameter', 'AWS::IAM::Role'],
    Version: '2010-09-09',
    Parameters: [
      {
        ParameterKey: 'P',
        DefaultValue: 'd',
        ParameterType: 'String',
        NoEcho: false,
        Description: 'which',
        ParameterConstraints: { AllowedValues: ['d', 'e'] },
      },
    ],
    ResourceIdentifierSummaries: [
      { ResourceType: 'AWS::SSM::Parameter', LogicalResourceIds: ['A'], ResourceIdentifiers: ['Name'] },
      { ResourceType: 'AWS::IAM::Role', LogicalResourceIds: ['R'], ResourceIdentifiers: ['RoleName'] },
    ],
  });
  await expect(stacks.client.send(new GetTemplateCommand({}))).rejects.toMatchObject({
    message: 'StackName is a required parameter.',
  });
  await expect(stacks.client.send(new DescribeStacksCommand({ StackName: 'no-such' }))).rejects.toMatchObject(
    {
      message: 'Stack with id no-such does not exist',
    },
  );
});
