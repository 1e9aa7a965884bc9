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
import { wholeSeconds } from '../rest-apis/rest-apis';
import { mutualTls, shownMutualTls } from './mutual-tls';
import { ofDomains } from './shared';

type Create = Input<'apigateway', 'CreateDomainName'>;

const CERTIFICATES = {
  EDGE: ['certificateArn', 'certificateName'],
  REGIONAL: ['regionalCertificateArn', 'regionalCertificateName'],
} as const;

const UNBUILT = [
  'certificateBody',
  'certificatePrivateKey',
  'certificateChain',
  'policy',
  'endpointAccessMode',
] as const;

/** What belongs to domains of another type is refused, by its name where it is not built. */
function refuse(input: Create): void {
  const [type = 'EDGE'] = input.endpointConfiguration?.types ?? [];
  for (const name of UNBUILT) {
    if (input[name] !== undefined) throw notImplemented(`API Gateway CreateDomainName ${name}`);
  }
  const others = CERTIFICATES[type === 'EDGE' ? 'REGIONAL' : 'EDGE'];
  for (const name of others) {
    if (input[name] !== undefined)
      throw badRequest(`${name} is not supported for the endpoint type ${type}.`);
  }
  if (type === 'EDGE' && input.mutualTlsAuthentication !== undefined)
    throw badRequest('Mutual TLS is only supported for the endpoint type REGIONAL.');
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
    ...(one?.EndpointType === 'EDGE'
      ? {
          certificateArn: one.CertificateArn,
          certificateName: one.CertificateName,
          certificateUploadDate: one.CertificateUploadDate,
          distributionDomainName: one.ApiGatewayDomainName,
          distributionHostedZoneId: one.HostedZoneId,
        }
      : {
          regionalDomainName: one?.ApiGatewayDomainName,
          regionalHostedZoneId: one?.HostedZoneId,
          regionalCertificateArn: one?.CertificateArn,
          regionalCertificateName: one?.CertificateName,
        }),
    endpointConfiguration: {
      types: [one?.EndpointType ?? 'REGIONAL'],
      ipAddressType: one?.IpAddressType ?? 'ipv4',
    },
    domainNameStatus: 'AVAILABLE',
    securityPolicy: 'TLS_1_2',
    routingMode: 'BASE_PATH_MAPPING_ONLY',
    mutualTlsAuthentication: shownMutualTls(domain.MutualTlsAuthentication),
    ownershipVerificationCertificateArn: one?.OwnershipVerificationCertificateArn,
    tags: domain.Tags && Object.keys(domain.Tags).length > 0 ? domain.Tags : undefined,
  };
}

/**
 * An edge-optimized domain is a distribution of CloudFront's, whose certificates are in one region.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-edge-optimized-custom-domain-name.html
 */
function checkPlace(certificateArn: string | undefined): void {
  const region = certificateArn?.split(':')[3];
  if (region && region !== 'us-east-1')
    throw badRequest(`Invalid certificate ARN: ${certificateArn}. Certificate must be in 'us-east-1'.`);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-regional-api-custom-domain-create.html */
export const createDomainName: Operation<'apigateway', 'CreateDomainName'> = async (input, call) => {
  if (input.endpointConfiguration?.types?.[0] === 'PRIVATE') return createPrivateDomain(call, input);
  refuse(input);
  const [type = 'EDGE'] = input.endpointConfiguration?.types ?? [];
  const isEdge = type === 'EDGE';
  const certificate = isEdge ? input.certificateArn : input.regionalCertificateArn;
  if (!certificate) throw badRequest(`A certificate was not provided for the endpoint type ${type}.`);
  if (isEdge) checkPlace(certificate);
  const made = await ofDomains(call, 'CreateDomainName', {
    DomainName: input.domainName,
    MutualTlsAuthentication: await mutualTls(call, input.mutualTlsAuthentication),
    DomainNameConfigurations: [
      {
        CertificateArn: certificate,
        CertificateName: isEdge ? input.certificateName : input.regionalCertificateName,
        CertificateUploadDate: wholeSeconds(call),
        EndpointType: isEdge ? 'EDGE' : 'REGIONAL',
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
  const isEdge = configuration.EndpointType === 'EDGE';
  let truststore: MutualTlsAuthenticationInput | undefined;
  for (const { op, path, value } of patches(input.patchOperations)) {
    const added = op === 'remove' ? '' : value;
    if (op !== 'replace' && !(ADDED.has(path) && (op === 'add' || op === 'remove')))
      throw invalidOperation(ADDED.has(path) ? ['add', 'replace', 'remove'] : ['replace']);
    if (isEdge && path.startsWith('/mutualTls'))
      throw badRequest('Mutual TLS is only supported for the endpoint type REGIONAL.');
    if (path === TRUSTSTORE_URI) truststore = { ...truststore, truststoreUri: added ?? '' };
    else if (path === TRUSTSTORE_VERSION) truststore = { ...truststore, truststoreVersion: added ?? '' };
    else if (path === OWNERSHIP) configuration.OwnershipVerificationCertificateArn = added;
    else if (path === (isEdge ? '/certificateArn' : '/regionalCertificateArn')) {
      if (isEdge) checkPlace(value);
      configuration.CertificateArn = value;
      configuration.CertificateUploadDate = wholeSeconds(call);
    } else if (path === (isEdge ? '/certificateName' : '/regionalCertificateName'))
      configuration.CertificateName = value;
    else if (path === '/endpointConfiguration/ipAddressType' && (value === 'ipv4' || value === 'dualstack'))
      configuration.IpAddressType = value;
    else if (path === '/securityPolicy' && value === 'TLS_1_2') configuration.SecurityPolicy = value;
    else if (
      /^\/(?:certificate|regionalCertificate|securityPolicy|endpointConfiguration|policy|routing)/.test(path)
    )
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
