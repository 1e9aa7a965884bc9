import { arn, type Call } from '../../../kernel';
import { PolicyProblem, parsePolicy } from '../../../kernel/policy-document';
import { badRequest } from '../errors';
import type { ApiRecord } from '../store';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_POLICY = 8_192;

/**
 * An API's policy as it is kept: `execute-api:/stage/METHOD/path` stands for the whole ARN.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
 */
export function policyFor(call: Call, apiId: string, text: string | undefined): string | undefined {
  return text ? expandedPolicy(arn('execute-api', call.region, call.account, apiId), text) : undefined;
}

/** The same of anything that is called, by the beginning of its ARN. */
export function expandedPolicy(called: string, text: string): string {
  const invalid = badRequest(
    'Invalid policy document. Please check the policy syntax and ensure that Principals are valid.',
  );
  if (Buffer.byteLength(text) > MAX_POLICY) throw invalid;
  try {
    const document = parsePolicy(text, 'resource');
    const whole = (resource: string) => resource.replace(/^execute-api:\/+/, `${called}/`);
    const expanded = (resources: string | string[] | undefined) =>
      typeof resources === 'string' ? whole(resources) : resources?.map(whole);
    const Statement = document.Statement.map((statement) => ({
      ...statement,
      ...(statement.Resource === undefined ? {} : { Resource: expanded(statement.Resource) }),
      ...(statement.NotResource === undefined ? {} : { NotResource: expanded(statement.NotResource) }),
    }));
    return JSON.stringify({ ...document, Statement });
  } catch (error) {
    if (error instanceof PolicyProblem || error instanceof SyntaxError) throw invalid;
    throw error;
  }
}

/** As API Gateway shows an API: its policy is a string within a string, and looks like one. */
export function shown(api: ApiRecord): ApiRecord {
  return api.policy === undefined ? api : { ...api, policy: api.policy.replace(/["\\]/g, '\\$&') };
}
