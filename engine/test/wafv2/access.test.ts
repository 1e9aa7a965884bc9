import { CreateDeploymentCommand } from '@aws-sdk/client-api-gateway';
import {
  AssociateWebACLCommand,
  CreateIPSetCommand,
  CreateWebACLCommand,
  DisassociateWebACLCommand,
  GetWebACLCommand,
  GetWebACLForResourceCommand,
  ListWebACLsCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { as, refusal, type Statement } from '../identity/callers';
import { rule, visible, WafBed } from './support';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html */
let bed: WafBed;
let ARN: string;
beforeAll(async () => {
  bed = await WafBed.start({ iam: 'enforce' });
  ({ ARN = '' } = await bed.newWebAcl('acl', []));
});
afterAll(() => bed.stop());

const client = async (...statements: Statement[]) =>
  bed.bed.cloud.client(WAFV2Client, await as(bed.bed.cloud, ...statements));
const missing = (action: string, resource: string) =>
  `400 AccessDeniedException: not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

test('associating takes both ends, and API Gateway’s own permission', async () => {
  const stage = bed.stageArn();
  const associate = new AssociateWebACLCommand({ WebACLArn: ARN, ResourceArn: stage });
  const onAcl = { Action: 'wafv2:AssociateWebACL', Resource: ARN };
  const onStage = { Action: 'wafv2:*', Resource: stage };
  const set = { Action: 'apigateway:SetWebACL', Resource: stage };
  expect(await refusal((await client(onStage, set)).send(associate))).toBe(
    missing('wafv2:AssociateWebACL', ARN),
  );
  expect(await refusal((await client(onAcl, set)).send(associate))).toBe(
    missing('wafv2:AssociateWebACL', stage),
  );
  expect(await refusal((await client(onAcl, onStage)).send(associate))).toBe(
    missing('apigateway:SetWebACL', stage),
  );
  const whole = await client(onAcl, onStage, set);
  expect(await refusal(whole.send(associate))).toBeUndefined();
  const ask = new GetWebACLForResourceCommand({ ResourceArn: stage });
  expect(await refusal(whole.send(ask))).toBe(missing('wafv2:GetWebACLForResource', ARN));
  const remove = new DisassociateWebACLCommand({ ResourceArn: stage });
  expect(await refusal((await client(onStage)).send(remove))).toBe(missing('apigateway:SetWebACL', stage));
  expect(await refusal(whole.send(remove))).toBeUndefined();
  // Nothing of it is needed by who deploys.
  await bed.bed.api.send(new CreateDeploymentCommand({ restApiId: bed.api.id, stageName: 'prod' }));
});

test('rules may refer to what their author may use only, and tags count', async () => {
  const { Summary } = await bed.waf.send(
    new CreateIPSetCommand({ Name: 'ips', Scope: 'REGIONAL', IPAddressVersion: 'IPV4', Addresses: [] }),
  );
  const onNew = { Action: 'wafv2:CreateWebACL', Resource: 'arn:aws:wafv2:*:*:regional/webacl/mine/*' };
  const create = new CreateWebACLCommand({
    Name: 'mine',
    Scope: 'REGIONAL',
    DefaultAction: { Allow: {} },
    VisibilityConfig: visible('m'),
    Rules: [rule('r', 0, { IPSetReferenceStatement: { ARN: Summary?.ARN } })],
    Tags: [{ Key: 'team', Value: 'red' }],
  });
  expect(await refusal((await client(onNew)).send(create))).toBe(
    missing('wafv2:CreateWebACL', Summary?.ARN ?? ''),
  );
  const onSet = { Action: 'wafv2:CreateWebACL', Resource: Summary?.ARN };
  expect(await refusal((await client(onNew, onSet)).send(create))).toBe(
    missing('wafv2:TagResource', 'arn:aws:wafv2:us-east-1:000000000000:regional/webacl/mine/*'),
  );
  const tagging = {
    Action: 'wafv2:TagResource',
    Condition: { StringEquals: { 'aws:RequestTag/team': 'red' } },
  };
  const { Summary: made } = await (await client(onNew, onSet, tagging)).send(create);
  const named = { Name: 'mine', Id: made?.Id, Scope: 'REGIONAL' as const };
  const of = (team: string) =>
    client({ Action: 'wafv2:GetWebACL', Condition: { StringEquals: { 'aws:ResourceTag/team': team } } });
  expect(await refusal((await of('red')).send(new GetWebACLCommand(named)))).toBeUndefined();
  expect(await refusal((await of('blue')).send(new GetWebACLCommand(named)))).toBe(
    missing('wafv2:GetWebACL', made?.ARN ?? ''),
  );
  const listing = await client({ Action: 'wafv2:ListWebACLs' });
  expect(await refusal(listing.send(new ListWebACLsCommand({ Scope: 'REGIONAL' })))).toBeUndefined();
});
