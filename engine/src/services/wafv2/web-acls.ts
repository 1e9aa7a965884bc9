import type { CreateWebACLCommandInput, UpdateWebACLCommandInput, WebACL } from '@aws-sdk/client-wafv2';
import { webAcls } from '../../edge/waf';
import { stageWebAcls } from '../../execute-api/stage-web-acls';
import { type Call, notImplemented, type Operation } from '../../kernel';
import { capacityOf } from './capacity';
import { drop, find, findByArn, keep, newEntity, pageOfKind, requireLock, summaryOf } from './entities';
import { associated, nonexistent, tooExpensive } from './errors';
import { checkBodies, checkDefaultAction, checkRules } from './rule-rules';
import { tables, type WebAclRecord } from './store';

/** https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html */
const MOST_UNITS = 5000;

const MISSING = [
  'ApplicationConfig',
  'CaptchaConfig',
  'ChallengeConfig',
  'DataProtectionConfig',
  'MonetizationConfig',
  'OnSourceDDoSProtectionConfig',
  'TokenDomains',
] as const;

type Given = CreateWebACLCommandInput | UpdateWebACLCommandInput;

/** What of a web ACL is written anew with each update. */
function contents(call: Call, input: Given) {
  for (const name of MISSING) if (input[name]) throw notImplemented(`WAFV2 WebACL ${name}`);
  const { RequestBody: sizes = {} } = input.AssociationConfig ?? {};
  const other = Object.keys(sizes).find((type) => type !== 'API_GATEWAY');
  if (other) throw notImplemented(`WAFV2 AssociationConfig RequestBody ${other}`);
  const { CustomResponseBodies: bodies, Rules: rules = [] } = input;
  checkBodies(bodies);
  const around = { kind: 'webacl', bodies: bodies ?? {} } as const;
  checkDefaultAction(input.DefaultAction, around);
  checkRules(call, rules, around);
  const capacity = capacityOf(rules, tables(call));
  if (capacity > MOST_UNITS) throw tooExpensive('WEB_ACL', capacity);
  return {
    rules,
    capacity,
    bodies,
    description: input.Description,
    defaultAction: input.DefaultAction ?? {},
    visibility: input.VisibilityConfig as WebAclRecord['visibility'],
    association: input.AssociationConfig,
  };
}

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html */
export const createWebAcl: Operation<'wafv2', 'CreateWebACL'> = (input, call) => {
  const record: WebAclRecord = { ...newEntity(call, 'webacl', input), ...contents(call, input) };
  keep(call, tables(call).webacl, record);
  return { Summary: summaryOf(record) };
};

export const getWebAcl: Operation<'wafv2', 'GetWebACL'> = (input, call) => {
  const record = input.ARN === undefined ? find(call, 'webacl', named(input)) : byArn(call, input.ARN);
  return { WebACL: described(call, record), LockToken: record.lockToken };
};

export const named = <I extends { Id?: string | undefined; Name?: string | undefined }>(input: I) => ({
  Scope: undefined,
  ...input,
  Id: input.Id,
  Name: input.Name,
});

function byArn(call: Call, arn: string): WebAclRecord {
  const found = findByArn(call, arn);
  const record = found?.kind === 'webacl' ? tables(call).webacl.get(found.entity.name) : undefined;
  if (!record) throw nonexistent();
  return record;
}

export function described(call: Call, record: WebAclRecord): WebACL {
  return {
    Name: record.name,
    Id: record.id,
    ARN: record.arn,
    DefaultAction: record.defaultAction,
    Description: record.description ?? '',
    Rules: record.rules,
    VisibilityConfig: record.visibility,
    Capacity: record.capacity,
    ManagedByFirewallManager: false,
    RetrofittedByFirewallManager: false,
    LabelNamespace: `awswaf:${call.account}:webacl:${record.name}:`,
    ...(record.bodies && { CustomResponseBodies: record.bodies }),
    ...(record.association && { AssociationConfig: record.association }),
  };
}

export const updateWebAcl: Operation<'wafv2', 'UpdateWebACL'> = (input, call) => {
  const known = find(call, 'webacl', input);
  requireLock(known, input.LockToken);
  const lockToken = call.ids.uuid();
  keep(call, tables(call).webacl, { ...known, ...contents(call, input), lockToken });
  return { NextLockToken: lockToken };
};

export const deleteWebAcl: Operation<'wafv2', 'DeleteWebACL'> = async (input, call) => {
  const stages = await stageWebAcls(call);
  const known = find(call, 'webacl', input);
  requireLock(known, input.LockToken);
  if (stages.having(call.account, call.region, known.arn).length > 0) throw associated();
  drop(call, tables(call).webacl, known);
  webAcls(call).forget(known.arn);
  return {};
};

export const listWebAcls: Operation<'wafv2', 'ListWebACLs'> = (input, call) => {
  const { summaries, ...more } = pageOfKind(call, 'webacl', input);
  return { WebACLs: summaries, ...more };
};
