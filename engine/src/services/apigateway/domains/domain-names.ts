import type { DomainName, MutualTlsAuthenticationInput } from '@aws-sdk/client-api-gateway';
import type { GetDomainNameResponse } from '@aws-sdk/client-apigatewayv2';
import { type Input, notImplemented, type Operation } from '../../../kernel';
import { badRequest } from '../errors';
import { page } from '../pages';
import { invalidOperation, invalidPath, patches } from '../patch';
import {
  createPrivateDomain,
  deletePrivateDomain,
  getPrivateDomain,
  privateDomains,
  updatePrivateDomain,
} from '../private-domains/domains';
import { mutualTls, shownMutualTls } from './mutual-tls';
import { ofDomains } from './shared';

type Create = Input<'apigateway', 'CreateDomainName'>;

const UNBUILT = [
  'certificateName',
  'certificateBody',
  'certificatePrivateKey',
  'certificateChain',
  'certificateArn',
  'policy',
  'endpointAccessMode',
] as const;

/** Only regional and private domains are built: what belongs to others is refused by its name. */
function refuse(input: Create): void {
  const [type = 'EDGE'] = input.endpointConfiguration?.types ?? [];
  for (const name of UNBUILT) {
    if (input[name] !== undefined) throw notImplemented(`API Gateway CreateDomainName ${name}`);
  }
  if (type !== 'REGIONAL')
    throw notImplemented(`API Gateway CreateDomainName endpointConfiguration.types ${type}`);
  if ((input.securityPolicy ?? 'TLS_1_2') !== 'TLS_1_2')
    throw notImplemented(`API Gateway CreateDomainName securityPolicy ${input.securityPolicy}`);
  if ((input.routingMode ?? 'BASE_PATH_MAPPING_ONLY') !== 'BASE_PATH_MAPPING_ONLY')
    throw notImplemented(`API Gateway CreateDomainName routingMode ${input.routingMode}`);
}

const TRUSTSTORE_URI = '/mutualTlsAuthentication/truststoreUri';
const TRUSTSTORE_VERSION = '/mutualTlsAuthentication/truststoreVersion';
const OWNERSHIP = '/ownershipVerificationCertificateArn';
/** What need not be there. */
const ADDED: ReadonlySet<string> = new Set([TRUSTSTORE_URI, TRUSTSTORE_VERSION, OWNERSHIP]);

/** The domain as REST APIs' operations show it. */
function shown(domain: GetDomainNameResponse): DomainName {
  const [one] = domain.DomainNameConfigurations ?? [];
  return {
    domainName: domain.DomainName,
    domainNameArn: domain.DomainNameArn,
    regionalDomainName: one?.ApiGatewayDomainName,
    regionalHostedZoneId: one?.HostedZoneId,
    regionalCertificateArn: one?.CertificateArn,
    regionalCertificateName: one?.CertificateName,
    endpointConfiguration: { types: ['REGIONAL'], ipAddressType: one?.IpAddressType ?? 'ipv4' },
    domainNameStatus: 'AVAILABLE',
    securityPolicy: 'TLS_1_2',
    routingMode: 'BASE_PATH_MAPPING_ONLY',
    mutualTlsAuthentication: shownMutualTls(domain.MutualTlsAuthentication),
    ownershipVerificationCertificateArn: one?.OwnershipVerificationCertificateArn,
    tags: domain.Tags && Object.keys(domain.Tags).length > 0 ? domain.Tags : undefined,
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-regional-api-custom-domain-create.html */
export const createDomainName: Operation<'apigateway', 'CreateDomainName'> = async (input, call) => {
  if (input.endpointConfiguration?.types?.[0] === 'PRIVATE') return createPrivateDomain(call, input);
  refuse(input);
  if (!input.regionalCertificateArn)
    throw badRequest('A certificate was not provided for the endpoint type REGIONAL.');
  const made = await ofDomains(call, 'CreateDomainName', {
    DomainName: input.domainName,
    MutualTlsAuthentication: await mutualTls(call, input.mutualTlsAuthentication),
    DomainNameConfigurations: [
      {
        CertificateArn: input.regionalCertificateArn,
        CertificateName: input.regionalCertificateName,
        EndpointType: 'REGIONAL',
        SecurityPolicy: 'TLS_1_2',
        IpAddressType: input.endpointConfiguration?.ipAddressType,
        OwnershipVerificationCertificateArn: input.ownershipVerificationCertificateArn,
      },
    ],
    Tags: input.tags,
  });
  return shown(made);
};

export const getDomainName: Operation<'apigateway', 'GetDomainName'> = async (input, call) =>
  input.domainNameId !== undefined
    ? getPrivateDomain(call, input)
    : shown(await ofDomains(call, 'GetDomainName', { DomainName: input.domainName }));

export const getDomainNames: Operation<'apigateway', 'GetDomainNames'> = async (input, call) => {
  if (input.resourceOwner === 'OTHER_ACCOUNTS') return { items: [] };
  const all: DomainName[] = privateDomains(call);
  let NextToken: string | undefined;
  do {
    const some = await ofDomains(call, 'GetDomainNames', { NextToken });
    all.push(...(some.Items ?? []).map(shown));
    NextToken = some.NextToken;
  } while (NextToken);
  return page(all, (domain) => domain.domainNameArn ?? '', input);
};

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateDomainName-Patch */
export const updateDomainName: Operation<'apigateway', 'UpdateDomainName'> = async (input, call) => {
  if (input.domainNameId !== undefined) return updatePrivateDomain(call, input);
  const domain = await ofDomains(call, 'GetDomainName', { DomainName: input.domainName });
  const configuration = { ...domain.DomainNameConfigurations?.[0] };
  let truststore: MutualTlsAuthenticationInput | undefined;
  for (const { op, path, value } of patches(input.patchOperations)) {
    const added = op === 'remove' ? '' : value;
    if (op !== 'replace' && !(ADDED.has(path) && (op === 'add' || op === 'remove')))
      throw invalidOperation(ADDED.has(path) ? ['add', 'replace', 'remove'] : ['replace']);
    if (path === TRUSTSTORE_URI) truststore = { ...truststore, truststoreUri: added ?? '' };
    else if (path === TRUSTSTORE_VERSION) truststore = { ...truststore, truststoreVersion: added ?? '' };
    else if (path === OWNERSHIP) configuration.OwnershipVerificationCertificateArn = added;
    else if (path === '/regionalCertificateArn') configuration.CertificateArn = value;
    else if (path === '/regionalCertificateName') configuration.CertificateName = value;
    else if (path === '/endpointConfiguration/ipAddressType' && (value === 'ipv4' || value === 'dualstack'))
      configuration.IpAddressType = value;
    else if (path === '/securityPolicy' && value === 'TLS_1_2') configuration.SecurityPolicy = value;
    else if (/^\/(?:certificate|securityPolicy|endpointConfiguration|policy|routing)/.test(path))
      throw notImplemented(`API Gateway UpdateDomainName ${path}`);
    else throw invalidPath(path);
  }
  const { ApiGatewayDomainName, DomainNameStatus, HostedZoneId, ...settings } = configuration;
  const updated = await ofDomains(call, 'UpdateDomainName', {
    DomainName: input.domainName,
    DomainNameConfigurations: [settings],
    MutualTlsAuthentication: await mutualTls(call, truststore, domain.MutualTlsAuthentication),
  });
  return shown(updated);
};

export const deleteDomainName: Operation<'apigateway', 'DeleteDomainName'> = async (input, call) => {
  if (input.domainNameId !== undefined) return deletePrivateDomain(call, input);
  await ofDomains(call, 'DeleteDomainName', { DomainName: input.domainName });
  return {};
};
