import { arn, type Call } from '../../../kernel';
import type { AccessAssociation, PrivateDomain } from './store';

type Place = Pick<Call, 'account' | 'region'>;

/** What tells private domains of one name apart. */
export const namedById = ({ id, name }: Pick<PrivateDomain, 'id' | 'name'>) => `${name}+${id}`;

export const domainArn = ({ account, region }: Place, domain: Pick<PrivateDomain, 'id' | 'name'>) =>
  arn('apigateway', region, account, `/domainnames/${namedById(domain)}`);

/** What a domain's policy, and those who call it, know it as. */
export const executeArn = ({ account, region }: Place, domain: Pick<PrivateDomain, 'id' | 'name'>) =>
  arn('execute-api', region, account, `/domainnames/${namedById(domain)}`);

export const associationArn = (
  { account, region }: Place,
  domain: Pick<PrivateDomain, 'id' | 'name'>,
  { endpoint }: Pick<AccessAssociation, 'endpoint'>,
) =>
  arn(
    'apigateway',
    region,
    account,
    `/domainnameaccessassociations/domainname/${namedById(domain)}/vpcesource/${endpoint}`,
  );
