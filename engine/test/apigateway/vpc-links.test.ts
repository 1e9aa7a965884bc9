import {
  CreateDomainNameCommand,
  CreateVpcLinkCommand,
  DeleteVpcLinkCommand,
  GetTagsCommand,
  GetVpcLinkCommand,
  GetVpcLinksCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateVpcLinkCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { Bed } from './support';

let bed: Bed;

beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed.stop());

const targetArns = [
  'arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/inner/0123456789abcdef',
];

// https://docs.aws.amazon.com/apigateway/latest/api/API_CreateVpcLink.html
test('VPC links, from creation to deletion', async () => {
  const made = await bed.api.send(new CreateVpcLinkCommand({ name: 'link', targetArns }));
  expect(made).toMatchObject({ name: 'link', status: 'PENDING', targetArns });
  const vpcLinkId = made.id;
  const ready = { status: 'AVAILABLE', statusMessage: 'Your vpc link is ready for use', targetArns };
  expect(await bed.api.send(new GetVpcLinkCommand({ vpcLinkId }))).toMatchObject({ ...ready, tags: {} });
  expect((await bed.api.send(new GetVpcLinksCommand({}))).items).toEqual([
    { id: vpcLinkId, name: 'link', ...ready },
  ]);
  const patchOperations = [{ op: 'replace' as const, path: '/name', value: 'other' }];
  expect(await bed.api.send(new UpdateVpcLinkCommand({ vpcLinkId, patchOperations }))).toMatchObject({
    ...ready,
    name: 'other',
  });
  await bed.api.send(new DeleteVpcLinkCommand({ vpcLinkId }));
  const gone = { name: 'NotFoundException', message: 'Invalid Vpc Link identifier specified' };
  await expect(bed.api.send(new DeleteVpcLinkCommand({ vpcLinkId }))).rejects.toMatchObject(gone);
  await expect(bed.api.send(new UpdateVpcLinkCommand({ vpcLinkId, patchOperations }))).rejects.toMatchObject(
    gone,
  );
});

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-vpclink.html
test('VPC links of a stack', async () => {
  const cloudformation = bed.cloud.client(CloudFormationClient);
  const waiting = { client: cloudformation, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.05 };
  const StackName = 'links';
  const template = (Name: string, tag: string, arns = targetArns) =>
    JSON.stringify({
      Resources: {
        Link: {
          Type: 'AWS::ApiGateway::VpcLink',
          Properties: { Name, TargetArns: arns, Tags: [{ Key: tag, Value: 'b' }] },
        },
      },
      Outputs: {
        Ref: { Value: { Ref: 'Link' } },
        Id: { Value: { 'Fn::GetAtt': ['Link', 'VpcLinkId'] } },
      },
    });
  const outputs = async () => {
    const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    return (Stacks[0]?.Outputs ?? []).map(({ OutputValue }) => OutputValue);
  };
  await cloudformation.send(new CreateStackCommand({ StackName, TemplateBody: template('one', 'a') }));
  await waitUntilStackCreateComplete(waiting, { StackName });
  const [vpcLinkId, same] = await outputs();
  expect(same).toBe(vpcLinkId);
  const link = () => bed.api.send(new GetVpcLinkCommand({ vpcLinkId }));
  expect(await link()).toMatchObject({ name: 'one', targetArns, tags: { a: 'b' } });

  await cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody: template('two', 'c') }));
  await waitUntilStackUpdateComplete(waiting, { StackName });
  const { name, tags } = await link();
  expect([name, tags?.a, tags?.c]).toEqual(['two', undefined, 'b']);

  // Another target is another link.
  const others = [targetArns[0]?.replace('inner', 'outer') ?? ''];
  await cloudformation.send(
    new UpdateStackCommand({ StackName, TemplateBody: template('two', 'c', others) }),
  );
  await waitUntilStackUpdateComplete(waiting, { StackName });
  const [replaced = ''] = await outputs();
  expect(replaced).not.toBe(vpcLinkId);
  await expect(link()).rejects.toMatchObject({ name: 'NotFoundException' });

  await cloudformation.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete(waiting, { StackName });
  expect((await bed.api.send(new GetVpcLinksCommand({}))).items).toEqual([]);
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
test('links and custom domains have tags', async () => {
  const { id } = await bed.api.send(
    new CreateVpcLinkCommand({ name: 'tagged', targetArns, tags: { a: '1' } }),
  );
  const { domainNameArn } = await bed.api.send(
    new CreateDomainNameCommand({
      domainName: 'tags.example.com',
      regionalCertificateArn:
        'arn:aws:acm:us-east-1:000000000000:certificate/0f2b0a3e-1111-4222-8333-444455556666',
      endpointConfiguration: { types: ['REGIONAL'] },
      tags: { a: '1' },
    }),
  );
  for (const resourceArn of [`arn:aws:apigateway:us-east-1::/vpclinks/${id}`, domainNameArn]) {
    await bed.api.send(new TagResourceCommand({ resourceArn, tags: { b: '2', c: '3' } }));
    await bed.api.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a', 'c'] }));
    expect((await bed.api.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ b: '2' });
  }
  const missing = new GetTagsCommand({ resourceArn: 'arn:aws:apigateway:us-east-1::/vpclinks/nothing' });
  await expect(bed.api.send(missing)).rejects.toMatchObject({ name: 'NotFoundException' });
  const none = new GetTagsCommand({ resourceArn: 'arn:aws:apigateway:us-east-1::/constructor/nothing' });
  await expect(bed.api.send(none)).rejects.toMatchObject({ name: 'BadRequestException' });
});
