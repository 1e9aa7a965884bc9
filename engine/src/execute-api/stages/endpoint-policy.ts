import { Policy, PolicyCache } from '../../identity/policies';
import type { Principal } from '../../kernel';
import { parsePolicy } from '../../kernel/policy-document';
import type { Exchange } from '../exchange';
import { signer } from '../signer';
import { ANYBODY, decisionOf, refusedByPolicy } from './resource-policy';

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
  const policies = host.memo('execute-api.endpoint-policies', () => ({
    compiled: new PolicyCache(),
    everything: new Policy('everything', parsePolicy(EVERYTHING, 'resource')),
  }));
  const layers = {
    identity: [],
    resource: policies.everything,
    endpoint: policies.compiled.get(by.id, 'resource', by.policy),
  };
  // To the endpoint it matters not whose the API is.
  const account = caller.account || deployed.account;
  const decision = decisionOf(exchange, { caller, layers, account });
  if (!decision.allowed) throw refusedByPolicy(exchange, caller, decision);
}

function callerOf(exchange: Exchange): Principal | undefined {
  const authorization = exchange.request.headers.get('authorization');
  return authorization && !authorization.startsWith('AWS4-') ? undefined : signer(exchange);
}
