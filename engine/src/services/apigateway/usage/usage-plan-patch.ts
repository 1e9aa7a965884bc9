import type { ApiStage, ThrottleSettings } from '@aws-sdk/client-api-gateway';
import { type Call, notImplemented } from '../../../kernel';
import { badRequest, notFound } from '../errors';
import type { Patch } from '../patch';
import type { UsagePlanRecord } from './store';
import { checkQuota, checkStage, checkThrottle } from './usage-plans';

/** As AWS lists what may be removed. */
const REMOVABLE =
  '/apiStages, /quota, /throttle, /productCode, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>, /apiStages/<apidId:stageName>/throttle';
const REPLACEABLE =
  '/name, /description, /productCode, /quota/limit, /quota/offset, /quota/period, /throttle/rateLimit, /throttle/burstLimit, ' +
  '/apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>/rateLimit, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>/burstLimit';

const invalid = ({ op, path }: Patch, choices: string) =>
  badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Must be one of: [${choices}]`);

const unsupported = ({ op, path }: Patch) =>
  badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Please choose supported operations`);

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateUsagePlan-Patch */
export function patchPlan(
  call: Call,
  before: UsagePlanRecord,
  operations: readonly Patch[],
): UsagePlanRecord {
  const plan = structuredClone(before);
  for (const patch of operations) {
    if (patch.path.startsWith('/productCode'))
      throw notImplemented('API Gateway UpdateUsagePlan /productCode');
    if (patch.path === '/apiStages') changeStages(call, plan, patch);
    else if (patch.parts[0] === 'apiStages') changeStageThrottle(plan, patch);
    else if (patch.op === 'remove') remove(plan, patch);
    else replace(plan, patch);
  }
  if (plan.quota) checkQuota(plan.quota);
  if (plan.throttle) checkThrottle(plan.throttle);
  return plan;
}

function changeStages(call: Call, plan: UsagePlanRecord, patch: Patch): void {
  const [apiId, stage] = (patch.value ?? '').split(':');
  const others = (plan.apiStages ?? []).filter((one) => one.apiId !== apiId || one.stage !== stage);
  if (patch.op === 'add') {
    checkStage(call, { apiId, stage });
    if (others.length < (plan.apiStages ?? []).length) return;
    plan.apiStages = [...others, { apiId, stage }];
  } else if (patch.op === 'remove') {
    if (others.length === (plan.apiStages ?? []).length) throw badRequest('Invalid API Stage specified');
    plan.apiStages = others;
  } else throw invalid(patch, REPLACEABLE);
}

/** `/apiStages/<api>:<stage>/throttle[/<path>/<METHOD>[/rateLimit|burstLimit]]` */
function changeStageThrottle(plan: UsagePlanRecord, patch: Patch): void {
  const [, key = '', word, resource, method, limit] = patch.parts;
  const choices = patch.op === 'remove' ? REMOVABLE : REPLACEABLE;
  if (word !== 'throttle') throw invalid(patch, choices);
  const stage = (plan.apiStages ?? []).find((one) => `${one.apiId}:${one.stage}` === key);
  if (!stage) throw notFound(`API Stage not found: ${key}`);
  if (resource === undefined) {
    if (patch.op !== 'remove') throw invalid(patch, choices);
    delete stage.throttle;
    return;
  }
  if (method === undefined) throw invalid(patch, choices);
  changeMethodThrottle(stage, `${resource}/${method}`, limit, patch);
}

function changeMethodThrottle(stage: ApiStage, name: string, limit: string | undefined, patch: Patch): void {
  const throttle = { ...stage.throttle };
  if (patch.op === 'remove') {
    if (!throttle[name] || limit !== undefined) throw invalid(patch, REMOVABLE);
    delete throttle[name];
  } else {
    if (patch.op !== 'add' && patch.op !== 'replace') throw unsupported(patch);
    throttle[name] = withLimit(throttle[name], limit, patch);
    checkThrottle(throttle[name]);
  }
  stage.throttle = throttle;
}

function withLimit(throttle: ThrottleSettings | undefined, limit: string | undefined, patch: Patch) {
  if (limit !== 'rateLimit' && limit !== 'burstLimit') throw invalid(patch, REPLACEABLE);
  return { burstLimit: 0, rateLimit: 0, ...throttle, [limit]: numberOf(patch) };
}

function numberOf({ path, value }: Patch): number {
  const number = Number(value);
  if (value === undefined || value.trim() === '' || !Number.isFinite(number))
    throw badRequest(`Invalid patch value '${value}' specified for path '${path}'`);
  return number;
}

function remove(plan: UsagePlanRecord, patch: Patch): void {
  if (patch.path === '/quota') delete plan.quota;
  else if (patch.path === '/throttle') delete plan.throttle;
  else throw invalid(patch, REMOVABLE);
}

function replace(plan: UsagePlanRecord, patch: Patch): void {
  const { op, path, value } = patch;
  const adds = path.startsWith('/quota/') || path.startsWith('/throttle/');
  if (op !== 'replace' && !(op === 'add' && adds)) throw unsupported(patch);
  switch (path) {
    case '/name':
      if (!value) throw badRequest('Usage Plan name cannot be blank');
      plan.name = value;
      return;
    case '/description':
      plan.description = value;
      return;
    case '/throttle/rateLimit':
    case '/throttle/burstLimit':
      plan.throttle = withLimit(plan.throttle, patch.parts[1], patch);
      return;
    case '/quota/limit':
    case '/quota/offset':
      plan.quota = { offset: 0, ...plan.quota, [patch.parts[1] ?? '']: numberOf(patch) };
      return;
    case '/quota/period':
      if (value !== 'DAY' && value !== 'WEEK' && value !== 'MONTH')
        throw badRequest(`Invalid patch value '${value}' specified for path '${path}'`);
      plan.quota = { offset: 0, ...plan.quota, period: value };
      return;
    default:
      throw invalid(patch, REPLACEABLE);
  }
}
