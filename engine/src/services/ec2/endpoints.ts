import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { PolicyProblem, parsePolicy } from '../../kernel/policy-document';
import { describe, type Filters } from './describe';
import { dnsEntries } from './endpoint-names';
import { type EndpointService, endpointServices } from './endpoint-services';
import { all, collectionOf, find, findAll, newId, put } from './kinds';
import { groupsFor, makeInterface, removeInterface } from './network-interfaces';
import { prefixListOf } from './prefix-lists';
import type { Endpoint, Subnet, Vpc } from './records';
import { addTags, removeTags, tagsFor, tagsOf } from './tag-store';

const OPEN_GATEWAY = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});
const OPEN_INTERFACE = JSON.stringify({
  Statement: [{ Action: '*', Effect: 'Allow', Principal: '*', Resource: '*' }],
});

type CreateInput = Parameters<typeof createVpcEndpoint>[0];

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html */
export const createVpcEndpoint: Operation<'ec2', 'CreateVpcEndpoint'> = (input, call) => {
  refuseUnimplemented(input);
  const vpc = find(call, 'vpc', input.VpcId!);
  const type = input.VpcEndpointType ?? 'Gateway';
  if (type !== 'Gateway' && type !== 'Interface')
    throw notImplemented(`EC2 CreateVpcEndpoint of type ${type}`);
  const service = endpointServices(call).find(({ name }) => name === input.ServiceName);
  if (!service) {
    throw new AwsError(
      'InvalidServiceName',
      `The Vpc Endpoint Service '${input.ServiceName}' does not exist`,
    );
  }
  if (!service.types.includes(type)) {
    throw new AwsError(
      'InvalidParameter',
      `Endpoint type (${type}) does not match available service types ([${service.types.join(', ')}]).`,
    );
  }
  const policy = input.PolicyDocument ?? (type === 'Gateway' ? OPEN_GATEWAY : OPEN_INTERFACE);
  checkPolicy(policy);
  const tags = tagsFor('vpc-endpoint', input.TagSpecifications);
  const endpoint = call.store.transaction(() => {
    const made =
      type === 'Gateway'
        ? makeGateway(call, vpc, service, input, policy)
        : makeInterfaces(call, vpc, service, input, policy);
    put(call, 'endpoint', made);
    addTags(call, made.id, tags);
    return made;
  });
  const shown = showEndpoint(call, endpoint);
  return {
    VpcEndpoint: type === 'Interface' ? { ...shown, State: 'pending' as 'Pending' } : shown,
    ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }),
  };
};

function refuseUnimplemented(input: CreateInput): void {
  if (input.IpAddressType !== undefined && input.IpAddressType !== 'ipv4') {
    throw notImplemented(`EC2 CreateVpcEndpoint IpAddressType ${input.IpAddressType}`);
  }
  for (const option of [
    'SubnetConfigurations',
    'ServiceNetworkArn',
    'ResourceConfigurationArn',
    'DnsOptions',
    'ServiceRegion',
  ] as const) {
    if (input[option] !== undefined) throw notImplemented(`EC2 CreateVpcEndpoint ${option}`);
  }
}

export function checkPolicy(policy: string): void {
  try {
    parsePolicy(policy, 'resource');
  } catch (error) {
    if (!(error instanceof PolicyProblem)) throw error;
    throw new AwsError('InvalidPolicyDocument', `The policy document is invalid: ${error.message}`);
  }
}

/** A gateway endpoint is a route in the tables it is given, to a list of the service's addresses. */
function makeGateway(
  call: Call,
  vpc: Vpc,
  service: EndpointService,
  input: CreateInput,
  policy: string,
): Endpoint {
  if (input.SubnetIds?.length || input.SecurityGroupIds?.length) {
    throw new AwsError('InvalidParameter', 'Subnets and security groups are only for interface endpoints');
  }
  if (input.PrivateDnsEnabled) {
    throw new AwsError('InvalidParameter', 'Private DNS is only supported for Interface type endpoints');
  }
  const id = newId(call, 'endpoint');
  addRoutes(call, vpc.id, id, service.name, input.RouteTableIds ?? []);
  return {
    id,
    vpc: vpc.id,
    type: 'Gateway',
    serviceName: service.name,
    policy,
    created: call.clock.now(),
    routeTables: [...(input.RouteTableIds ?? [])],
    subnets: [],
    groups: [],
    networkInterfaces: [],
    privateDns: false,
    dnsSuffix: '',
  };
}

export function addRoutes(
  call: Call,
  vpc: string,
  id: string,
  serviceName: string,
  tables: readonly string[],
): void {
  const prefixList = prefixListOf(call, serviceName)!;
  for (const table of findAll(call, 'routeTable', tables)) {
    if (table.vpc !== vpc) {
      throw new AwsError('InvalidParameter', `Route table ${table.id} does not belong to VPC ${vpc}`);
    }
    if (table.routes.some((route) => route.prefixList === prefixList)) {
      throw new AwsError(
        'RouteAlreadyExists',
        `route table ${table.id} already has a route with destination-prefix-list-id ${prefixList}`,
      );
    }
    put(call, 'routeTable', {
      ...table,
      routes: [...table.routes, { prefixList, gateway: id, origin: 'CreateRoute' }],
    });
  }
}

export function removeRoutes(call: Call, id: string, tables: readonly string[]): void {
  for (const tableId of tables) {
    const table = collectionOf(call, 'routeTable').get(tableId);
    if (!table) continue;
    put(call, 'routeTable', { ...table, routes: table.routes.filter((route) => route.gateway !== id) });
  }
}

/** An interface endpoint is a network interface in each of its subnets, behind names of its own. */
function makeInterfaces(
  call: Call,
  vpc: Vpc,
  service: EndpointService,
  input: CreateInput,
  policy: string,
): Endpoint {
  if (input.RouteTableIds?.length) {
    throw new AwsError('InvalidParameter', 'Route tables are only for gateway endpoints');
  }
  const privateDns = input.PrivateDnsEnabled ?? true;
  if (privateDns) checkPrivateDns(call, vpc, service);
  const id = newId(call, 'endpoint');
  const endpoint: Endpoint = {
    id,
    vpc: vpc.id,
    type: 'Interface',
    serviceName: service.name,
    policy,
    created: call.clock.now(),
    routeTables: [],
    subnets: [],
    groups: [],
    networkInterfaces: [],
    privateDns,
    dnsSuffix: call.ids.lower(8),
  };
  addSubnets(call, endpoint, input.SubnetIds ?? [], input.SecurityGroupIds);
  return endpoint;
}

export function checkPrivateDns(call: Call, vpc: Vpc, service: EndpointService): void {
  if (!vpc.dnsSupport || !vpc.dnsHostnames) {
    throw new AwsError(
      'InvalidParameter',
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpc.id}`,
    );
  }
  const taken = all(call, 'endpoint').some(
    (other) => other.vpc === vpc.id && other.serviceName === service.name && other.privateDns,
  );
  if (taken) {
    throw new AwsError(
      'InvalidParameter',
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${service.privateDns} in the VPC ${vpc.id}`,
    );
  }
}

/** Puts the endpoint into subnets, at most one a zone. Changes `endpoint` itself. */
export function addSubnets(
  call: Call,
  endpoint: Endpoint,
  ids: readonly string[],
  groups: readonly string[] | undefined,
): void {
  const zones = new Set(endpoint.subnets.map((id) => find(call, 'subnet', id).zone));
  const subnets: Subnet[] = findAll(call, 'subnet', ids);
  for (const subnet of subnets) {
    if (subnet.vpc !== endpoint.vpc) {
      throw new AwsError('InvalidParameter', `Subnet ${subnet.id} does not belong to VPC ${endpoint.vpc}`);
    }
    if (zones.has(subnet.zone)) {
      throw new AwsError(
        'DuplicateSubnetsInSameZone',
        `Found another VPC endpoint subnet in the availability zone of ${subnet.id}`,
      );
    }
    zones.add(subnet.zone);
    endpoint.groups = groupsFor(
      call,
      subnet,
      groups ?? (endpoint.groups.length > 0 ? endpoint.groups : undefined),
    );
    const made = makeInterface(call, subnet, {
      description: `VPC Endpoint Interface ${endpoint.id}`,
      groups: endpoint.groups,
      type: 'vpc_endpoint',
      requesterManaged: true,
    });
    endpoint.subnets.push(subnet.id);
    endpoint.networkInterfaces.push(made.id);
  }
}

const FILTERS: Filters<Endpoint> = {
  'ip-address-type': () => 'ipv4',
  'service-name': (endpoint) => endpoint.serviceName,
  'vpc-endpoint-id': (endpoint) => endpoint.id,
  'vpc-endpoint-state': () => 'available',
  'vpc-endpoint-type': (endpoint) => endpoint.type,
  'vpc-id': (endpoint) => endpoint.vpc,
};

export const describeVpcEndpoints: Operation<'ec2', 'DescribeVpcEndpoints'> = (input, call) => {
  const endpoints = input.VpcEndpointIds?.length
    ? findAll(call, 'endpoint', input.VpcEndpointIds)
    : all(call, 'endpoint');
  const { items, next } = describe(call, input, endpoints, FILTERS);
  return { VpcEndpoints: items.map((endpoint) => showEndpoint(call, endpoint)), ...next };
};

export const deleteVpcEndpoints: Operation<'ec2', 'DeleteVpcEndpoints'> = (input, call) => {
  const Unsuccessful = [];
  for (const id of input.VpcEndpointIds!) {
    const endpoint = collectionOf(call, 'endpoint').get(id);
    if (!endpoint) {
      Unsuccessful.push({
        Error: { Code: 'InvalidVpcEndpoint.NotFound', Message: `The Vpc Endpoint Id '${id}' does not exist` },
        ResourceId: id,
      });
      continue;
    }
    call.store.transaction(() => {
      removeRoutes(call, id, endpoint.routeTables);
      for (const held of endpoint.networkInterfaces) removeInterface(call, held);
      collectionOf(call, 'endpoint').remove(id);
      removeTags(call, id, undefined);
    });
  }
  return { Unsuccessful };
};

export const describeVpcEndpointServices: Operation<'ec2', 'DescribeVpcEndpointServices'> = (input, call) => {
  const zones = all(call, 'subnet').map(({ zone }) => zone);
  const services = endpointServices(call).flatMap((service) =>
    service.types.map((type) => ({ id: `${service.name}/${type}`, type, ...service })),
  );
  for (const name of input.ServiceNames ?? []) {
    if (!services.some((service) => service.name === name)) {
      throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`);
    }
  }
  const asked = services.filter(({ name }) => input.ServiceNames?.includes(name) ?? true);
  const { items, next } = describe(call, input, asked, {
    owner: () => 'amazon',
    'service-name': ({ name }) => name,
    'service-type': ({ type }) => type,
  });
  return {
    ServiceNames: [...new Set(items.map(({ name }) => name))],
    ServiceDetails: items.map(({ name, type, privateDns }) => ({
      ServiceName: name,
      ServiceType: [{ ServiceType: type }],
      AvailabilityZones: [...new Set(zones)].sort(),
      Owner: 'amazon',
      BaseEndpointDnsNames: [`${name.split('.').slice(3).join('.')}.${call.region}.vpce.amazonaws.com`],
      ...(type === 'Interface'
        ? { PrivateDnsName: privateDns, PrivateDnsNames: [{ PrivateDnsName: privateDns }] }
        : {}),
      VpcEndpointPolicySupported: true,
      AcceptanceRequired: false,
      ManagesVpcEndpoints: false,
      Tags: [],
      SupportedIpAddressTypes: ['ipv4' as const],
    })),
    ...next,
  };
};

function showEndpoint(call: Call, endpoint: Endpoint) {
  const isInterface = endpoint.type === 'Interface';
  return {
    VpcEndpointId: endpoint.id,
    VpcEndpointType: endpoint.type,
    VpcId: endpoint.vpc,
    ServiceName: endpoint.serviceName,
    // AWS writes its states in small letters, its model does not.
    State: 'available' as 'Available',
    PolicyDocument: endpoint.policy,
    RouteTableIds: endpoint.routeTables,
    SubnetIds: endpoint.subnets,
    Groups: endpoint.groups.map((id) => ({
      GroupId: id,
      GroupName: collectionOf(call, 'group').get(id)?.name,
    })),
    ...(isInterface
      ? { IpAddressType: 'ipv4' as const, DnsOptions: { DnsRecordIpType: 'ipv4' as const } }
      : {}),
    PrivateDnsEnabled: endpoint.privateDns,
    RequesterManaged: false,
    NetworkInterfaceIds: endpoint.networkInterfaces,
    DnsEntries: dnsEntries(call, endpoint),
    CreationTimestamp: endpoint.created,
    Tags: tagsOf(call, endpoint.id),
    OwnerId: call.account,
    ServiceRegion: call.region,
  };
}
