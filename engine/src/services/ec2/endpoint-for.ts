import type { Call, PrincipalNetwork, VpcEndpoint } from '../../kernel';
import { parsePolicy } from '../../kernel/policy-document';
import { all } from './kinds';
import type { RouteTable } from './records';

/** Names behind `com.amazonaws.<region>.` that are not the service's own. */
const NAMES: Readonly<Record<string, string>> = { ecr: 'ecr.api', cloudwatch: 'monitoring' };

/**
 * The endpoint by which a request from a place in a VPC reaches a service: an interface endpoint where it has taken
 * over the service's name, else the gateway to which the subnet's routes lead. Undefined where requests go another way.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
 */
export function endpointFor(
  { vpc, subnets }: PrincipalNetwork,
  service: string,
  call: Call,
): VpcEndpoint | undefined {
  const name = `com.amazonaws.${call.region}.${NAMES[service] ?? service}`;
  const here = all(call, 'endpoint').filter((one) => one.vpc === vpc && one.serviceName === name);
  const table = here.some(({ type }) => type === 'Gateway') ? tableOf(call, vpc, subnets[0]) : undefined;
  const found =
    here.find(({ type, privateDns, subnets }) => type === 'Interface' && privateDns && subnets.length > 0) ??
    here.find(({ id, type }) => type === 'Gateway' && table?.routes.some(({ gateway }) => gateway === id));
  return found && { id: found.id, vpc, ...(isOpen(found.policy) ? {} : { policy: found.policy }) };
}

function tableOf(call: Call, vpc: string, subnet: string | undefined): RouteTable | undefined {
  const tables = all(call, 'routeTable').filter((table) => table.vpc === vpc);
  return (
    tables.find(({ associations }) => associations.some((one) => one.subnet === subnet)) ??
    tables.find(({ associations }) => associations.some(({ main }) => main))
  );
}

/** The policy that AWS gives an endpoint for which there is no other. */
function isOpen(policy: string): boolean {
  const [statement, more] = parsePolicy(policy, 'resource').Statement;
  const { Effect, Principal, Action, Resource, Condition } = statement ?? {};
  return (
    !more &&
    Effect === 'Allow' &&
    !Condition &&
    [Principal, Action, Resource].every((element) => element === '*')
  );
}
