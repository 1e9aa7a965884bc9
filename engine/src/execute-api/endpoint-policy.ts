import { Decided } from '../identity/decisions/decided';
import { decide, Policy, PolicyCache } from '../identity/policies';
import { isAwsError, type Principal } from '../kernel';
import { parsePolicy } from '../kernel/policy-document';
import { methodArn } from './authorizers/method-arn';
import type { Exchange } from './exchange';
import { Fault } from './faults';
import { ANYBODY, callersContext, refusedByPolicy } from './resource-policy';
import { signerOf } from './signed-caller';

/** Lets everybody do everything: the endpoint's policy alone decides. */
const EVERYTHING = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

/**
 * The policy of the VPC endpoint that a request came by is asked before the API is. Whoever signed is known to it,
 * whatever else comes as authorization is not.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
 */
export function endpointPolicy(exchange: Exchange): void {
  const { deployed, host, request } = exchange;
  const by = request.endpoint;
  if (by?.policy === undefined) return;
  const caller = callerOf(exchange) ?? ANYBODY;
  const asked = {
    caller,
    action: 'execute-api:Invoke',
    resource: methodArn(exchange),
    context: callersContext(exchange, caller),
  };
  const policies = host.memo('execute-api.endpoint-policies', () => ({
    compiled: new PolicyCache(),
    everything: new Policy('everything', parsePolicy(EVERYTHING, 'resource')),
  }));
  const layers = {
    identity: [],
    resource: policies.everything,
    endpoint: policies.compiled.get(by.id, 'resource', by.policy),
  };
  const side = { account: caller.account || deployed.account, policy: 'required' as const };
  const decision = decide(asked, layers, side);
  const at = host.clock.millis();
  host.parts.events.emit(new Decided(exchange, { request: asked, layers, side, at, decision, audit: false }));
  if (!decision.allowed) throw refusedByPolicy(exchange, caller, decision);
}

function callerOf(exchange: Exchange): Principal | undefined {
  const authorization = exchange.request.headers.get('authorization');
  if (authorization && !authorization.startsWith('AWS4-')) return undefined;
  try {
    return signerOf(exchange);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    const type = error.code === 'ExpiredTokenException' ? 'EXPIRED_TOKEN' : 'INVALID_SIGNATURE';
    throw new Fault(type, error.message, { errorType: error.code });
  }
}
