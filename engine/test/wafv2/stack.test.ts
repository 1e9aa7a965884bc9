import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { GetWebACLCommand, ListTagsForResourceCommand, ListWebACLsCommand } from '@aws-sdk/client-wafv2';
import { Stacks } from '../cloudformation/helpers';
import { WafBed } from './support';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_WAFv2.html */
let bed: WafBed;
let stacks: Stacks;
beforeAll(async () => {
  bed = await WafBed.start();
  stacks = new Stacks(bed.bed.cloud.client(CloudFormationClient));
});
afterAll(() => bed.stop());

const visible = (MetricName: string) => ({
  MetricName,
  CloudWatchMetricsEnabled: 'true',
  SampledRequestsEnabled: true,
});
const NONE = [{ Priority: '0', Type: 'NONE' }];
const block = (Name: string, Priority: number | string, Statement: object) => ({
  ...{ Name, Priority, Statement },
  Action: { Block: {} },
  VisibilityConfig: visible(Name),
});
const pathWith = (search: object) => ({
  ByteMatchStatement: {
    ...search,
    FieldToMatch: { UriPath: {} },
    PositionalConstraint: 'CONTAINS',
    TextTransformations: NONE,
  },
});

const template = (search: object, Acl = 'Acl', more: object = {}) => ({
  Resources: {
    Ips: {
      Type: 'AWS::WAFv2::IPSet',
      Properties: { Scope: 'REGIONAL', IPAddressVersion: 'IPV4', Addresses: ['192.0.2.0/24'] },
    },
    Patterns: {
      Type: 'AWS::WAFv2::RegexPatternSet',
      Properties: { Name: 'patterns', Scope: 'REGIONAL', RegularExpressionList: ['^pattern=\\d+$'] },
    },
    Group: {
      Type: 'AWS::WAFv2::RuleGroup',
      Properties: {
        ...{ Name: 'group', Scope: 'REGIONAL', Capacity: '40', VisibilityConfig: visible('group') },
        Rules: [
          block('ips', 0, { IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': 'Ips.Arn' } } }),
          block('patterns', '1', {
            RegexPatternSetReferenceStatement: {
              Arn: { 'Fn::GetAtt': 'Patterns.Arn' },
              FieldToMatch: { QueryString: {} },
              TextTransformations: NONE,
            },
          }),
        ],
      },
    },
    [Acl]: {
      Type: 'AWS::WAFv2::WebACL',
      Properties: {
        ...{ Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig: visible('acl') },
        Rules: [
          block('path', 0, pathWith(search)),
          {
            ...{
              Name: 'group',
              Priority: 1,
              OverrideAction: { None: {} },
              VisibilityConfig: visible('group'),
            },
            Statement: { RuleGroupReferenceStatement: { Arn: { 'Fn::GetAtt': 'Group.Arn' } } },
          },
        ],
        Tags: [{ Key: 'team', Value: 'red' }],
        ...more,
      },
    },
    Association: {
      Type: 'AWS::WAFv2::WebACLAssociation',
      Properties: { ResourceArn: bed.stageArn(), WebACLArn: { 'Fn::GetAtt': `${Acl}.Arn` } },
    },
  },
  Outputs: {
    Ref: { Value: { Ref: Acl } },
    Arn: { Value: { 'Fn::GetAtt': `${Acl}.Arn` } },
    Capacity: { Value: { 'Fn::GetAtt': `${Acl}.Capacity` } },
    Labels: { Value: { 'Fn::GetAtt': `${Acl}.LabelNamespace` } },
  },
});

test('web ACLs, rule groups and sets of a stack protect a stage until the stack is gone', async () => {
  const made = await stacks.create('waf', template({ SearchString: '/first' }));
  expect(made.StackStatus).toBe('CREATE_COMPLETE');
  const { Arn, Capacity, Labels, Ref = '' } = await stacks.outputs('waf');
  const [Name = '', Id = '', scope] = Ref.split('|');
  expect(scope).toBe('REGIONAL');
  expect(Name).toMatch(/^waf-Acl-/);
  expect(Arn).toBe(`arn:aws:wafv2:us-east-1:000000000000:regional/webacl/${Name}/${Id}`);
  expect([Capacity, Labels]).toEqual(['50', `awswaf:000000000000:webacl:${Name}:`]);
  const { TagInfoForResource } = await bed.waf.send(new ListTagsForResourceCommand({ ResourceARN: Arn }));
  expect(TagInfoForResource?.TagList).toContainEqual({ Key: 'team', Value: 'red' });
  const statuses = async () =>
    Promise.all(['/first', '/second', '/?pattern=1', '/'].map((path) => bed.status(path)));
  expect(await statuses()).toEqual([403, 200, 403, 200]);

  const encoded = { SearchStringBase64: Buffer.from('/second').toString('base64') };
  const tagged = { Tags: [{ Key: 'team', Value: 'blue' }], Description: 'the second one' };
  const updated = await stacks.update('waf', template(encoded, 'Acl', tagged));
  expect(updated.StackStatus).toBe('UPDATE_COMPLETE');
  expect((await stacks.outputs('waf')).Ref).toBe(Ref);
  expect(await statuses()).toEqual([200, 403, 403, 200]);
  const { WebACL } = await bed.waf.send(new GetWebACLCommand({ ARN: Arn }));
  expect(WebACL?.Description).toBe('the second one');

  // Another web ACL takes its place, and stays when the association of the first one is removed.
  const replaced = await stacks.update('waf', template({ SearchString: '/first' }, 'Other'));
  expect(replaced.StackStatus).toBe('UPDATE_COMPLETE');
  expect(await statuses()).toEqual([403, 200, 403, 200]);

  await stacks.client.send(new DeleteStackCommand({ StackName: 'waf' }));
  expect(await statuses()).toEqual([200, 200, 200, 200]);
  expect((await bed.waf.send(new ListWebACLsCommand({ Scope: 'REGIONAL' }))).WebACLs).toEqual([]);
});

test('what is not there yet fails the stack by its name', async () => {
  const properties = { Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig: visible('acl') };
  const geo = block('geo', 0, { GeoMatchStatement: { CountryCodes: ['CH'] } });
  const failed = async (StackName: string, more: object) => {
    const Acl = { Type: 'AWS::WAFv2::WebACL', Properties: { ...properties, ...more } };
    const { StackStatus } = await stacks.create(StackName, { Resources: { Acl } });
    expect(StackStatus).toBe('ROLLBACK_COMPLETE');
    return (await stacks.reasons(StackName)).join();
  };
  expect(await failed('geo', { Rules: [geo] })).toContain('WAFV2 GeoMatchStatement');
  expect(await failed('domains', { TokenDomains: ['example.com'] })).toContain('TokenDomains');
});
