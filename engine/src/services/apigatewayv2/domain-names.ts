import type { CreateDomainNameRequest } from '@aws-sdk/client-apigatewayv2';
import { arn, type Call, notImplemented, type Operation } from '../../kernel';
import { badRequest, notFound } from './errors';
import { newTruststore, putTruststore, removeTruststore } from './mutual-tls';
import { page } from './pages';
import { type DomainRecord, domainOwners, domainTables } from './store';

/** Of API Gateway's regional endpoints. https://docs.aws.amazon.com/general/latest/gr/apigateway.html */
const ZONES: Readonly<Record<string, string>> = {
  'us-east-1': 'Z1UJRXOUMOOFQ8',
  'us-east-2': 'ZOJJZC49E0EPZ',
  'us-west-1': 'Z2MUQ32089INYE',
  'us-west-2': 'Z2OJLYMUO9EFXC',
  'ca-central-1': 'Z19DQILCV0OWEC',
  'eu-central-1': 'Z1U9ULNL0V5AJ3',
  'eu-north-1': 'Z3UWIKFBOOGXPP',
  'eu-west-1': 'ZLY8HYME6SFDD',
  'eu-west-2': 'ZJ5UAJN8Y3Z2Q',
  'eu-west-3': 'Z3KY65QIEKYHQQ',
  'ap-northeast-1': 'Z1YSHQZHG15GKL',
  'ap-northeast-2': 'Z20JF4UZKIW1U8',
  'ap-south-1': 'Z3VO1THU9YC4UR',
  'ap-southeast-1': 'ZL327KTPIQFUL',
  'ap-southeast-2': 'Z2RPCDW04V8134',
  'sa-east-1': 'ZCMLWB8V5SYIT',
};

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html */
const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';

const CERTIFICATE = /^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/;
const NAME = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

export function requireDomain(call: Call, name: string | undefined): DomainRecord {
  const domain = domainTables(call.store).domains.get(name ?? '');
  if (!domain) throw notFound('The domain name resource specified in the request was not found.');
  return domain;
}

type Given = Partial<CreateDomainNameRequest>;

function refuse(operation: string, input: Given): void {
  if (input.RoutingMode !== undefined && input.RoutingMode !== 'API_MAPPING_ONLY')
    throw notImplemented(`API Gateway ${operation} RoutingMode ${input.RoutingMode}`);
}

/** Edge-optimized domains are made and changed by REST APIs' operations, which make no other type of them. */
function refuseEdge(call: Call, name: string | undefined): void {
  const [one] = requireDomain(call, name).DomainNameConfigurations ?? [];
  if (one?.EndpointType === 'EDGE' && call.principal.type !== 'service')
    throw notImplemented('API Gateway UpdateDomainName of EDGE domain names');
}

function configurations(call: Call, given: Given['DomainNameConfigurations'], prefix: string) {
  const [one, ...others] = given ?? [];
  if (!one || others.length > 0) throw badRequest('Invalid input. Expected one domain name configuration');
  if (!CERTIFICATE.test(one.CertificateArn ?? ''))
    throw badRequest('A certificate must be provided for the domain name.');
  const { OwnershipVerificationCertificateArn } = one;
  if (OwnershipVerificationCertificateArn && !CERTIFICATE.test(OwnershipVerificationCertificateArn))
    throw badRequest('Invalid ownershipVerificationCertificate ARN.');
  const type = one.EndpointType ?? 'REGIONAL';
  // Edge-optimized domains are for REST APIs alone, whose own operations make them.
  if (type !== 'REGIONAL' && call.principal.type !== 'service')
    throw badRequest(`Invalid endpoint type ${type}: only REGIONAL is supported`);
  if ((one.SecurityPolicy ?? 'TLS_1_2') !== 'TLS_1_2')
    throw badRequest(`Invalid security policy ${one.SecurityPolicy}: only TLS_1_2 is supported`);
  return [
    {
      ApiGatewayDomainName:
        type === 'EDGE' ? `${prefix}.cloudfront.net` : `${prefix}.execute-api.${call.region}.amazonaws.com`,
      CertificateArn: one.CertificateArn,
      ...(one.CertificateName === undefined ? {} : { CertificateName: one.CertificateName }),
      DomainNameStatus: 'AVAILABLE' as const,
      ...(type === 'EDGE' && { CertificateUploadDate: one.CertificateUploadDate }),
      EndpointType: type,
      HostedZoneId: type === 'EDGE' ? CLOUDFRONT_ZONE : ZONES[call.region],
      IpAddressType: one.IpAddressType ?? ('ipv4' as const),
      ...(OwnershipVerificationCertificateArn && { OwnershipVerificationCertificateArn }),
      SecurityPolicy: 'TLS_1_2' as const,
    },
  ];
}

const newPrefix = (call: Call, { DomainNameConfigurations: [one] = [] }: Given): string =>
  one?.EndpointType === 'EDGE' ? `d${call.ids.lower(13)}` : `d-${call.ids.lower(10)}`;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html */
export const createDomainName: Operation<'apigatewayv2', 'CreateDomainName'> = async (input, call) => {
  refuse('CreateDomainName', input);
  const name = input.DomainName ?? '';
  if (!NAME.test(name)) throw badRequest('Invalid domain name');
  const truststore =
    input.MutualTlsAuthentication && (await newTruststore(call, input.MutualTlsAuthentication));
  const owners = domainOwners(call.worldStore);
  if (owners.has(name)) throw badRequest('The domain name you provided already exists.');
  const domain: DomainRecord = {
    ApiMappingSelectionExpression: '$request.basepath',
    DomainName: name,
    DomainNameArn: arn('apigateway', call.region, '', `/domainnames/${name}`),
    DomainNameConfigurations: configurations(call, input.DomainNameConfigurations, newPrefix(call, input)),
    ...(truststore && { MutualTlsAuthentication: truststore.shown }),
    RoutingMode: 'API_MAPPING_ONLY',
    Tags: input.Tags ?? {},
  };
  call.store.transaction(() => {
    domainTables(call.store).domains.put(name, domain);
    if (truststore) putTruststore(call, name, truststore);
    owners.put(name, { account: call.account, region: call.region });
  });
  return domain;
};

export const getDomainName: Operation<'apigatewayv2', 'GetDomainName'> = (input, call) =>
  requireDomain(call, input.DomainName);

export const getDomainNames: Operation<'apigatewayv2', 'GetDomainNames'> = (input, call) =>
  page(domainTables(call.store).domains, input);

export const updateDomainName: Operation<'apigatewayv2', 'UpdateDomainName'> = async (input, call) => {
  refuse('UpdateDomainName', input);
  const { DomainNameConfigurations: given, MutualTlsAuthentication: mutual } = input;
  const before = requireDomain(call, input.DomainName).MutualTlsAuthentication;
  refuseEdge(call, input.DomainName);
  const truststore = mutual && (await newTruststore(call, mutual, before));
  // Another may have changed it meanwhile.
  const { MutualTlsAuthentication: kept, ...domain } = requireDomain(call, input.DomainName);
  const shown = mutual ? truststore?.shown : kept;
  const prefix = domain.DomainNameConfigurations?.[0]?.ApiGatewayDomainName?.split('.')[0] ?? '';
  const updated: DomainRecord = {
    ...domain,
    // Needed along with a truststore: https://github.com/hashicorp/terraform-provider-aws/issues/18312
    ...((given || mutual) && { DomainNameConfigurations: configurations(call, given, prefix) }),
    ...(shown && { MutualTlsAuthentication: shown }),
  };
  call.store.transaction(() => {
    domainTables(call.store).domains.put(domain.DomainName, updated);
    if (mutual) putTruststore(call, domain.DomainName, truststore);
  });
  return updated;
};

export const deleteDomainName: Operation<'apigatewayv2', 'DeleteDomainName'> = (input, call) => {
  const { DomainName } = requireDomain(call, input.DomainName);
  call.store.transaction(() => {
    const { domains, mappings } = domainTables(call.store);
    domains.remove(DomainName);
    mappings.clear({ prefix: [DomainName] });
    removeTruststore(call, DomainName);
    domainOwners(call.worldStore).remove(DomainName);
  });
  return {};
};
