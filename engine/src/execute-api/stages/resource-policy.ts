import { Decided } from '../../identity/decisions/decided';
import { Context, type Decision, decide, type Layers, Policy, refusal } from '../../identity/policies';
import type { Principal } from '../../kernel';
import { parsePolicy } from '../../kernel/policy-document';
import { maskedMethodArn, methodArn } from '../authorizers/method-arn';
import { compiledOnce } from '../deployed';
import { type Exchange, routeOf } from '../exchange';
import { notAuthorized } from '../faults';

const ACTION = 'execute-api:Invoke';
export const ANYBODY: Principal = { type: 'anonymous', account: '', arn: 'anonymous', userId: 'anonymous' };

/**
 * What an API's policy, as it was deployed, says of callers without a name: it must let them in, unless an authorizer
 * may. Signed calls and users of a pool are held against it once they are known, by their authorizers.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function resourcePolicy(exchange: Exchange): void {
  const { authorizationType } = routeOf(exchange).method;
  if (authorizationType === 'AWS_IAM' || authorizationType === 'COGNITO_USER_POOLS') return;
  const decision = policyDecision(exchange);
  if (!decision || decision.allowed) return;
  if (authorizationType === 'CUSTOM' && !('explicit' in decision)) return;
  throw refusedByPolicy(exchange, ANYBODY, decision);
}

/** Whom an authorizer has let in must be let in by the policy, too. */
export function requirePolicy(exchange: Exchange): void {
  const decision = policyDecision(exchange);
  if (decision && !decision.allowed) throw refusedByPolicy(exchange, ANYBODY, decision);
}

/** What the policy alone says of a caller; undefined where the API has none. */
export function policyDecision(exchange: Exchange, caller = ANYBODY): Decision | undefined {
  const { deployed } = exchange;
  const { apiId, policy: text } = deployed.snapshot;
  if (text === undefined) return undefined;
  const resource = compiledOnce(deployed, 'policy', () => new Policy(apiId, parsePolicy(text, 'resource')));
  return decisionOf(exchange, { caller, layers: { identity: [], resource } });
}

interface Asked {
  caller: Principal;
  layers: Layers;
  /** The ARN of what is called, where it is not the method. */
  called?: string;
  /** Whose it is; the API's owner's unless said otherwise. */
  account?: string;
}

/** What policies say of a caller, told to whoever explains it. */
export function decisionOf(exchange: Exchange, { caller, layers, called, account }: Asked): Decision {
  const { deployed, host } = exchange;
  const request = {
    caller,
    action: ACTION,
    resource: called ?? methodArn(exchange),
    context: callersContext(exchange, caller),
  };
  const side = { account: account ?? deployed.account, policy: 'required' as const };
  const decision = decide(request, layers, side);
  const at = host.clock.millis();
  host.parts.events.emit(new Decided(exchange, { request, layers, side, at, decision, audit: false }));
  return decision;
}

export function refusedByPolicy(
  exchange: Exchange,
  caller: Principal,
  decision: Exclude<Decision, { allowed: true }>,
  masked = maskedMethodArn(exchange),
) {
  const request = { caller, action: ACTION, resource: methodArn(exchange), context: new Context() };
  return notAuthorized(refusal(request, decision, `on resource: ${masked}`));
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html */
export function callersContext({ host, request }: Exchange, caller = ANYBODY): Context {
  const known = caller.type === 'anonymous' ? undefined : caller;
  return (
    new Context()
      .set('aws:PrincipalArn', known && (known.roleArn ?? known.arn))
      .set('aws:PrincipalAccount', known?.account)
      .set('aws:userid', known?.userId)
      .set('aws:username', known?.type === 'user' ? known.arn.split('/').at(-1) : undefined)
      // Behind a VPC endpoint it is unknown; its place there is known instead.
      .set('aws:SourceIp', request.endpoint ? undefined : request.sourceIp)
      .set('aws:SourceVpc', request.endpoint?.vpc)
      .set('aws:SourceVpce', request.endpoint?.id)
      .set('aws:UserAgent', request.headers.get('user-agent'))
      .set('aws:Referer', request.headers.get('referer'))
      // APIs have no door for plain HTTP.
      .set('aws:SecureTransport', 'true')
      .set('aws:CurrentTime', () => [host.clock.now().toISOString()])
      .set('aws:EpochTime', () => [String(Math.floor(host.clock.millis() / 1000))])
  );
}
