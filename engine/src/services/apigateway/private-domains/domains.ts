import type { DomainName } from '@aws-sdk/client-api-gateway';
import { type Call, type Input, notImplemented, type Output } from '../../../kernel';
import { badRequest } from '../errors';
import { invalidOperation, invalidPath, patches } from '../patch';
import { expandedPolicy } from '../rest-apis/resource-policy';
import { wholeSeconds } from '../rest-apis/rest-apis';
import { domainArn, executeArn } from './arns';
import { type PrivateDomain, privateTables, requirePrivateDomain } from './store';

const NAME = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const CERTIFICATE = /^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/;

/** What only domains of other types have. */
const OF_OTHERS = [
  'certificateBody',
  'certificatePrivateKey',
  'certificateChain',
  'regionalCertificateArn',
  'regionalCertificateName',
  'mutualTlsAuthentication',
  'ownershipVerificationCertificateArn',
] as const;

/** A domain that comes without a policy lets nobody in until it gets one. */
const DENY_ALL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' }],
});

export function shownPrivate(call: Call, domain: PrivateDomain): DomainName {
  return {
    domainName: domain.name,
    domainNameId: domain.id,
    domainNameArn: domainArn(call, domain),
    certificateArn: domain.certificateArn,
    certificateName: domain.certificateName,
    certificateUploadDate: domain.uploaded,
    endpointConfiguration: { types: ['PRIVATE'], ipAddressType: 'dualstack' },
    domainNameStatus: 'AVAILABLE',
    securityPolicy: 'TLS_1_2',
    policy: domain.policy,
    routingMode: 'BASE_PATH_MAPPING_ONLY',
    tags: Object.keys(domain.tags).length > 0 ? domain.tags : undefined,
  };
}

function checkCertificate(certificateArn: string | undefined): string {
  if (!CERTIFICATE.test(certificateArn ?? ''))
    throw badRequest('A certificate was not provided for the endpoint type PRIVATE.');
  return certificateArn ?? '';
}

const policyOf = (call: Call, domain: Pick<PrivateDomain, 'id' | 'name'>, policy: string | undefined) =>
  expandedPolicy(executeArn(call, domain), policy || DENY_ALL);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-tutorial.html */
export function createPrivateDomain(call: Call, input: Input<'apigateway', 'CreateDomainName'>): DomainName {
  for (const name of OF_OTHERS) {
    if (input[name] !== undefined)
      throw badRequest(`${name} is not supported for the endpoint type PRIVATE.`);
  }
  if (input.endpointAccessMode !== undefined)
    throw notImplemented('API Gateway CreateDomainName endpointAccessMode');
  for (const [name, built] of [
    ['securityPolicy', 'TLS_1_2'],
    ['routingMode', 'BASE_PATH_MAPPING_ONLY'],
  ] as const) {
    if ((input[name] ?? built) !== built)
      throw notImplemented(`API Gateway CreateDomainName ${name} ${input[name]}`);
  }
  if (input.endpointConfiguration?.ipAddressType === 'ipv4')
    throw badRequest('Only dualstack ipAddressType is supported for private domain names.');
  if (!NAME.test(input.domainName ?? '')) throw badRequest('Invalid domain name');
  const named = { id: call.ids.lower(10), name: input.domainName ?? '' };
  const domain: PrivateDomain = {
    ...named,
    certificateArn: checkCertificate(input.certificateArn),
    certificateName: input.certificateName,
    uploaded: wholeSeconds(call),
    policy: policyOf(call, named, input.policy),
    tags: input.tags ?? {},
  };
  privateTables(call).domains.put(domain.id, domain);
  return shownPrivate(call, domain);
}

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateDomainName-Patch */
export function updatePrivateDomain(call: Call, input: Input<'apigateway', 'UpdateDomainName'>): DomainName {
  const domain = requirePrivateDomain(call, input.domainName, input.domainNameId);
  const updated = { ...domain };
  for (const { op, path, value } of patches(input.patchOperations)) {
    if (op !== 'replace') throw invalidOperation(['replace']);
    if (path === '/certificateArn') {
      updated.certificateArn = checkCertificate(value);
      updated.uploaded = wholeSeconds(call);
    } else if (path === '/certificateName') updated.certificateName = value;
    else if (path === '/policy') updated.policy = policyOf(call, domain, value);
    else if (path === '/securityPolicy' && value === 'TLS_1_2') continue;
    else if (path === '/endpointConfiguration/ipAddressType' && value === 'dualstack') continue;
    else if (/^\/(?:managementPolicy|securityPolicy|routingMode|endpointAccessMode)$/.test(path))
      throw notImplemented(`API Gateway UpdateDomainName ${path} of private domain names`);
    else throw invalidPath(path);
  }
  privateTables(call).domains.put(updated.id, updated);
  return shownPrivate(call, updated);
}

export function deletePrivateDomain(
  call: Call,
  input: Input<'apigateway', 'DeleteDomainName'>,
): Output<'apigateway', 'DeleteDomainName'> {
  const { id } = requirePrivateDomain(call, input.domainName, input.domainNameId);
  const { associations, domains, mappings } = privateTables(call);
  for (const { domainId } of associations.values()) {
    if (domainId === id)
      throw badRequest('Please remove all domain name access associations before deleting this domain name.');
  }
  call.store.transaction(() => {
    domains.remove(id);
    mappings.clear({ prefix: [id] });
  });
  return {};
}

export const getPrivateDomain = (call: Call, input: Input<'apigateway', 'GetDomainName'>): DomainName =>
  shownPrivate(call, requirePrivateDomain(call, input.domainName, input.domainNameId));

export const privateDomains = (call: Call): DomainName[] =>
  [...privateTables(call).domains.values()].map((domain) => shownPrivate(call, domain));
