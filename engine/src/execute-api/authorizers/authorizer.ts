import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { type Exchange, routeOf } from '../exchange';
import { authorizerMisconfigured } from '../faults';

/** The method's authorizer, as it was deployed. */
export function authorizerOf(exchange: Exchange): Authorizer {
  const { authorizerId } = routeOf(exchange).method;
  const found = exchange.deployed.snapshot.authorizers?.[authorizerId ?? ''];
  if (!found) throw authorizerMisconfigured(`there is no authorizer ${authorizerId}`);
  return found;
}
