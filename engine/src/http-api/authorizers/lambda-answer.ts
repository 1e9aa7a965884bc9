import type { Authorizer } from '@aws-sdk/client-apigatewayv2';
import { Context, decide, type Policy, PolicyCache } from '../../identity/policies';
import type { Exchange } from '../exchange';
import type { Decision } from './results';
import { routeArn } from './route-arn';

/** Functions answer with the same policies again and again. */
const compiled = new PolicyCache();

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a function's answer says; a sentence where it makes no sense. */
export function decisionOf(authorizer: Authorizer, payload: string): Decision | string {
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return 'The authorizer returned no JSON';
  }
  if (!isObject(answer)) return 'The authorizer returned no object';
  const context = answer.context ?? {};
  if (!isObject(context)) return 'The authorizer returned a context that is no object';
  return authorizer.EnableSimpleResponses ? simple(answer, context) : byPolicy(answer, context);
}

function simple(answer: Record<string, unknown>, context: Record<string, unknown>): Decision | string {
  const { isAuthorized } = answer;
  if (typeof isAuthorized !== 'boolean') return 'The authorizer returned no isAuthorized';
  return { context, allows: () => isAuthorized };
}

/** An IAM policy for `execute-api:Invoke`, which nobody else's permissions add to. */
function byPolicy(answer: Record<string, unknown>, context: Record<string, unknown>): Decision | string {
  const { policyDocument, principalId } = answer;
  if (typeof principalId !== 'string') return 'The authorizer returned no principalId';
  if (!isObject(policyDocument)) return 'The authorizer returned no policyDocument';
  let policy: Policy;
  try {
    policy = compiled.get('authorizer', 'identity', JSON.stringify(policyDocument));
  } catch {
    return 'The authorizer returned a policy that is none';
  }
  const caller = { type: 'user' as const, account: '', arn: principalId, userId: principalId };
  return {
    context,
    principalId,
    allows: (exchange: Exchange) =>
      decide(
        {
          caller,
          action: 'execute-api:Invoke',
          resource: routeArn(exchange),
          context: new Context().set('aws:SourceIp', exchange.request.sourceIp),
        },
        { identity: [policy] },
        { account: '', policy: 'sufficient' },
      ).allowed,
  };
}
