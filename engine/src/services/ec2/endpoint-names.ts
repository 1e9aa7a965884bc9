import type { Call } from '../../kernel';
import { endpointServices } from './endpoint-services';
import { collectionOf } from './kinds';
import type { Endpoint } from './records';

/** The zone of AWS's endpoint names; its id is the same for all of them. */
const ZONE_ID = 'Z7HUB22UULQXV';

const PRIVATE_ZONE_ID = 'Z1HVJXSL3XHKXW';

/** The names that an endpoint takes over in its VPC: `*.execute-api.us-east-1.amazonaws.com` without the star, too. */
function privateNames(call: Call, { privateDns, serviceName }: Endpoint): string[] {
  const own = privateDns && endpointServices(call).find(({ name }) => name === serviceName)?.privateDns;
  if (!own) return [];
  return own.startsWith('*.') ? [own.slice(2), own] : [own];
}

/** The names that are an endpoint's alone: of itself, and of each of its zones. */
export function ownNames(call: Call, endpoint: Endpoint): string[] {
  const service = endpoint.serviceName.split('.').slice(3).join('.');
  const suffix = `${service}.${call.region}.vpce.amazonaws.com`;
  const name = `${endpoint.id}-${endpoint.dnsSuffix}`;
  const zones = endpoint.subnets.map((id) => collectionOf(call, 'subnet').get(id)?.zone);
  return [`${name}.${suffix}`, ...zones.map((zone) => `${name}-${zone}.${suffix}`)];
}

/** https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html#interface-endpoint-dns-hostnames */
export function dnsEntries(call: Call, endpoint: Endpoint) {
  if (endpoint.type === 'Gateway') return [];
  return [
    ...ownNames(call, endpoint).map((DnsName) => ({ DnsName, HostedZoneId: ZONE_ID })),
    ...privateNames(call, endpoint).map((DnsName) => ({ DnsName, HostedZoneId: PRIVATE_ZONE_ID })),
  ];
}

/** All names that lead to an endpoint from within its VPC; `*` stands for an API. */
export function namesWithin(call: Call, endpoint: Endpoint): string[] {
  return [
    ...ownNames(call, endpoint),
    // The alias of a private API that is associated with the endpoint.
    `*-${endpoint.id}.execute-api.${call.region}.amazonaws.com`,
    ...privateNames(call, endpoint),
  ];
}
