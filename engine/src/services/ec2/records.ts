/** What the engine keeps of each thing of the VPC family. What can be told from others is not kept. */
export interface Vpc {
  id: string;
  cidrs: { association: string; cidr: string }[];
  dhcp: string;
  tenancy: 'default' | 'dedicated';
  isDefault: boolean;
  dnsSupport: boolean;
  dnsHostnames: boolean;
  usageMetrics: boolean;
}

export interface Subnet {
  id: string;
  vpc: string;
  cidr: string;
  zone: string;
  zoneId: string;
  mapPublicIp: boolean;
  defaultForZone: boolean;
  dns64: boolean;
  hostnameType: 'ip-name' | 'resource-name';
  resourceNameA: boolean;
  resourceNameAAAA: boolean;
}

export interface Route {
  /** One of the three is the destination. */
  cidr?: string;
  cidr6?: string;
  prefixList?: string;
  /** `local`, an internet gateway or a gateway endpoint. */
  gateway?: string;
  natGateway?: string;
  networkInterface?: string;
  origin: 'CreateRouteTable' | 'CreateRoute';
}

export interface RouteTable {
  id: string;
  vpc: string;
  routes: Route[];
  associations: { id: string; main: boolean; subnet?: string }[];
}

export interface InternetGateway {
  id: string;
  vpc?: string;
}

export interface NatGateway {
  id: string;
  vpc: string;
  subnet: string;
  connectivity: 'public' | 'private';
  created: Date;
  deleted?: Date;
  networkInterface: string;
  privateIp: string;
  allocation?: string;
  association?: string;
  publicIp?: string;
}

export interface Address {
  id: string;
  publicIp: string;
  association?: string;
  networkInterface?: string;
  privateIp?: string;
}

export interface SecurityGroup {
  id: string;
  vpc: string;
  name: string;
  description: string;
}

export interface Rule {
  id: string;
  group: string;
  egress: boolean;
  protocol: string;
  from: number;
  to: number;
  cidr4?: string;
  cidr6?: string;
  prefixList?: string;
  reference?: string;
  description?: string;
}

export interface Endpoint {
  id: string;
  vpc: string;
  type: 'Gateway' | 'Interface';
  serviceName: string;
  policy: string;
  created: Date;
  routeTables: string[];
  subnets: string[];
  groups: string[];
  networkInterfaces: string[];
  privateDns: boolean;
  dnsSuffix: string;
}

export interface AclEntry {
  number: number;
  egress: boolean;
  protocol: string;
  action: 'allow' | 'deny';
  cidr?: string;
  cidr6?: string;
  ports?: { From: number; To: number };
  icmp?: { Type: number; Code: number };
}

export interface Acl {
  id: string;
  vpc: string;
  isDefault: boolean;
  entries: AclEntry[];
  associations: { id: string; subnet: string }[];
}

export interface Dhcp {
  id: string;
  options: { key: string; values: string[] }[];
}

export interface NetworkInterface {
  id: string;
  subnet: string;
  vpc: string;
  description: string;
  groups: string[];
  privateIp: string;
  macAddress: string;
  type: 'interface' | 'vpc_endpoint' | 'nat_gateway';
  requesterManaged: boolean;
  sourceDestCheck: boolean;
}

export interface Kinds {
  vpc: Vpc;
  subnet: Subnet;
  routeTable: RouteTable;
  internetGateway: InternetGateway;
  natGateway: NatGateway;
  address: Address;
  group: SecurityGroup;
  rule: Rule;
  endpoint: Endpoint;
  acl: Acl;
  dhcp: Dhcp;
  networkInterface: NetworkInterface;
}
