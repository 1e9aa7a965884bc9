import { type StagePlace, stageWebAcls } from '../../execute-api/stage-web-acls';
import { type Call, notImplemented, type Operation, parseArn } from '../../kernel';
import { findByArn, kindOf, nameIn } from './entities';
import { badArn, nonexistent, unavailable } from './errors';
import { tables } from './store';
import { described } from './web-acls';

/** What AWS WAF protects besides, that the engine does not have. */
const OTHERS = new Set([
  'amplify',
  'apprunner',
  'appsync',
  'bedrock-agentcore',
  'cognito-idp',
  'ec2',
  'elasticloadbalancing',
]);

/**
 * The stage of a REST API that an ARN names. HTTP APIs can have no web ACL.
 * https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html
 */
export function stagePlace(call: Call, arn = ''): StagePlace {
  const { region, resource = '', service = '' } = parseArn(arn) ?? {};
  if (OTHERS.has(service)) throw notImplemented(`WAFV2 web ACLs of ${service}`);
  const [, apiId = '', stageName] = /^\/restapis\/(\w+)\/stages\/([\w-]+)$/.exec(resource) ?? [];
  if (service !== 'apigateway' || stageName === undefined || region !== call.region) throw badArn(arn);
  return { account: call.account, region: call.region, apiId, stageName };
}

export const associateWebAcl: Operation<'wafv2', 'AssociateWebACL'> = async (input, call) => {
  const stages = await stageWebAcls(call);
  if (kindOf(input.WebACLArn) !== 'webacl') throw badArn(input.WebACLArn ?? '');
  const place = stagePlace(call, input.ResourceArn);
  const found = findByArn(call, input.WebACLArn);
  if (!found || !stages.exists(place)) throw nonexistent();
  stages.set(place, found.entity.arn);
  return {};
};

export const disassociateWebAcl: Operation<'wafv2', 'DisassociateWebACL'> = async (input, call) => {
  const stages = await stageWebAcls(call);
  const place = stagePlace(call, input.ResourceArn);
  if (!stages.exists(place)) throw nonexistent();
  stages.set(place, undefined);
  return {};
};

/** Without a web ACL the answer is empty. */
export const getWebAclForResource: Operation<'wafv2', 'GetWebACLForResource'> = async (input, call) => {
  const stages = await stageWebAcls(call);
  const place = stagePlace(call, input.ResourceArn);
  if (!stages.exists(place)) throw nonexistent();
  const arn = stages.get(place);
  if (arn === undefined) return {};
  const record = tables(call).webacl.get(nameIn(arn));
  if (!record) throw unavailable();
  return { WebACL: described(call, record) };
};

export const listResourcesForWebAcl: Operation<'wafv2', 'ListResourcesForWebACL'> = async (input, call) => {
  const stages = await stageWebAcls(call);
  const found = findByArn(call, input.WebACLArn);
  if (found?.kind !== 'webacl') throw nonexistent();
  // https://docs.aws.amazon.com/waf/latest/APIReference/API_ListResourcesForWebACL.html
  if ((input.ResourceType ?? 'APPLICATION_LOAD_BALANCER') !== 'API_GATEWAY') return { ResourceArns: [] };
  const having = stages.having(call.account, call.region, found.entity.arn);
  return {
    ResourceArns: having.map(
      ({ apiId, stageName }) => `arn:aws:apigateway:${call.region}::/restapis/${apiId}/stages/${stageName}`,
    ),
  };
};
