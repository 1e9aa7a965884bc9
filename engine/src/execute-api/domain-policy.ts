import { Decided } from '../identity/decisions/decided';
import { decide, PolicyCache, refusal } from '../identity/policies';
import type { Exchange } from './exchange';
import { notAuthorized } from './faults';
import { ANYBODY, callersContext } from './resource-policy';

/**
 * A private custom domain has a policy of its own, besides that of the API behind it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html
 */
export function domainPolicy(exchange: Exchange): void {
  const { deployed, host, request } = exchange;
  const domain = request.endpoint?.domain;
  if (!domain) return;
  const asked = {
    caller: ANYBODY,
    action: 'execute-api:Invoke',
    resource: `${domain.arn}${request.stagePath}`,
    context: callersContext(exchange),
  };
  const compiled = host.memo('execute-api.domain-policies', () => new PolicyCache());
  const layers = { identity: [], resource: compiled.get(domain.arn, 'resource', domain.policy) };
  const side = { account: deployed.account, policy: 'required' as const };
  const decision = decide(asked, layers, side);
  const at = host.clock.millis();
  host.parts.events.emit(new Decided(exchange, { request: asked, layers, side, at, decision, audit: false }));
  if (decision.allowed) return;
  const masked = asked.resource.replace(/:\d{8}(\d{4}):/, ':********$1:');
  throw notAuthorized(refusal(asked, decision, `on resource: ${masked}`));
}
