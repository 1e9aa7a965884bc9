import { PolicyCache } from '../../identity/policies';
import type { Exchange } from '../exchange';
import { ANYBODY, decisionOf, refusedByPolicy } from './resource-policy';

/**
 * A private custom domain has a policy of its own, besides that of the API behind it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html
 */
export function domainPolicy(exchange: Exchange): void {
  const { host, request } = exchange;
  const domain = request.endpoint?.domain;
  if (!domain) return;
  const compiled = host.memo('execute-api.domain-policies', () => new PolicyCache());
  const layers = { identity: [], resource: compiled.get(domain.arn, 'resource', domain.policy) };
  const called = `${domain.arn}${request.stagePath}`;
  const decision = decisionOf(exchange, { caller: ANYBODY, layers, called });
  if (decision.allowed) return;
  const masked = called.replace(/:\d{8}(\d{4}):/, ':********$1:');
  throw refusedByPolicy(exchange, ANYBODY, decision, masked);
}
