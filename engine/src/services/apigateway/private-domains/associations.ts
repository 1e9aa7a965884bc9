import type { DomainNameAccessAssociation } from '@aws-sdk/client-api-gateway';
import { type Call, notImplemented, type Operation } from '../../../kernel';
import { badRequest, conflict, notFound } from '../errors';
import { page } from '../pages';
import { checkVpcEndpoints } from '../rest-apis/endpoint-configuration';
import { associationArn, domainArn } from './arns';
import { type AccessAssociation, type PrivateDomain, privateTables } from './store';

const DOMAIN = /^arn:[\w-]+:apigateway:([\w-]+):(\d{12}):\/domainnames\/([^/+]+)\+([a-z0-9]+)$/;
const ASSOCIATION =
  /^arn:[\w-]+:apigateway:[\w-]+:\d{12}:\/domainnameaccessassociations\/domainname\/[^/+]+\+([a-z0-9]+)\/vpcesource\/(vpce-[0-9a-f]+)$/;

function domainOf(call: Call, given: string | undefined): PrivateDomain {
  const [, region, account, name, id] = DOMAIN.exec(given ?? '') ?? [];
  if (id === undefined) throw badRequest('Invalid domain name ARN specified');
  if (account !== call.account)
    throw notImplemented("API Gateway access associations with another account's domain names");
  const domain = region === call.region ? privateTables(call).domains.get(id) : undefined;
  if (domain?.name !== name || !domain) throw notFound('Invalid domain name identifier specified');
  return domain;
}

function shown(call: Call, association: AccessAssociation): DomainNameAccessAssociation {
  const { domainId: id, endpoint, tags } = association;
  const domain = privateTables(call).domains.get(id) ?? { id, name: '' };
  return {
    domainNameAccessAssociationArn: associationArn(call, domain, association),
    domainNameArn: domainArn(call, domain),
    accessAssociationSource: endpoint,
    accessAssociationSourceType: 'VPCE',
    tags: Object.keys(tags).length > 0 ? tags : undefined,
  };
}

/** An endpoint calls one domain of a name: which one the Host header alone could not tell. */
function checkFree(call: Call, domain: PrivateDomain, endpoint: string): void {
  const { associations, domains } = privateTables(call);
  for (const { domainId } of associations.values({ prefix: [endpoint] })) {
    if (domainId === domain.id || domains.get(domainId)?.name === domain.name)
      throw conflict('The VPC endpoint already has an access association with this domain name.');
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainNameAccessAssociation.html */
export const createDomainNameAccessAssociation: Operation<
  'apigateway',
  'CreateDomainNameAccessAssociation'
> = async (input, call) => {
  const endpoint = input.accessAssociationSource ?? '';
  await checkVpcEndpoints(call, [endpoint]);
  const domain = domainOf(call, input.domainNameArn);
  checkFree(call, domain, endpoint);
  const association = { domainId: domain.id, endpoint, tags: input.tags ?? {} };
  privateTables(call).associations.put([endpoint, domain.id], association);
  return shown(call, association);
};

export const getDomainNameAccessAssociations: Operation<'apigateway', 'GetDomainNameAccessAssociations'> = (
  input,
  call,
) => {
  // Those of other accounts' endpoints with domains of this one: there are none.
  if (input.resourceOwner === 'OTHER_ACCOUNTS') return { items: [] };
  const all = [...privateTables(call).associations.values()].map((one) => shown(call, one));
  return page(all, (one) => one.domainNameAccessAssociationArn ?? '', input);
};

export function requireAssociation(call: Call, given: string | undefined): AccessAssociation {
  const [, id = '', endpoint = ''] = ASSOCIATION.exec(given ?? '') ?? [];
  const association = privateTables(call).associations.get([endpoint, id]);
  if (!association) throw notFound('Invalid domain name access association identifier specified');
  return association;
}

function remove(call: Call, { domainId, endpoint }: AccessAssociation) {
  privateTables(call).associations.remove([endpoint, domainId]);
  return {};
}

export const deleteDomainNameAccessAssociation: Operation<
  'apigateway',
  'DeleteDomainNameAccessAssociation'
> = (input, call) => remove(call, requireAssociation(call, input.domainNameAccessAssociationArn));

/** https://docs.aws.amazon.com/apigateway/latest/api/API_RejectDomainNameAccessAssociation.html */
export const rejectDomainNameAccessAssociation: Operation<
  'apigateway',
  'RejectDomainNameAccessAssociation'
> = (input, call) => {
  const association = requireAssociation(call, input.domainNameAccessAssociationArn);
  const { id } = domainOf(call, input.domainNameArn);
  if (id !== association.domainId) throw badRequest('Invalid domain name ARN specified');
  return remove(call, association);
};
