import type { Call, PrincipalNetwork, SeenEndpoint, VpcEndpoint } from '../../kernel';
import { parsePolicy } from '../../kernel/policy-document';
import { namesWithin } from './endpoint-names';
import { all, collectionOf } from './kinds';
import { reaches } from './reach';
import type { Endpoint, RouteTable } from './records';

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
  return found && shown(found);
}

/** The interface endpoints of a service in a place's VPC: what answers there has a network interface. */
export function endpointsFrom(network: PrincipalNetwork, service: string, call: Call): SeenEndpoint[] {
  const name = `com.amazonaws.${call.region}.${service}`;
  return all(call, 'endpoint')
    .filter((one) => one.vpc === network.vpc && one.serviceName === name && one.networkInterfaces.length > 0)
    .map((one) => ({ id: one.id, names: namesWithin(call, one), reachable: reaches(call, network, one) }));
}

export function endpoint(id: string, call: Call): VpcEndpoint | undefined {
  const found = collectionOf(call, 'endpoint').get(id);
  return found && shown(found);
}

function shown({ id, policy, vpc }: Endpoint): VpcEndpoint {
  return { id, vpc, ...(isOpen(policy) ? {} : { policy }) };
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
