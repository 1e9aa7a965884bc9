import { account } from './cloudformation/account';
import { authorizer } from './cloudformation/authorizer';
import { clientCertificate } from './cloudformation/client-certificate';
import { deployment } from './cloudformation/deployment';
import { documentationPart, documentationVersion } from './cloudformation/documentation';
import { basePathMapping, domainName } from './cloudformation/domain-name';
import { gatewayResponse } from './cloudformation/gateway-response';
import { method } from './cloudformation/method';
import { model } from './cloudformation/model';
import { accessAssociation, privateDomain, privateMapping } from './cloudformation/private-domain';
import { requestValidator } from './cloudformation/request-validator';
import { resource } from './cloudformation/resource';
import { restApi } from './cloudformation/rest-api';
import { stage } from './cloudformation/stage';
import { apiKey, usagePlan, usagePlanKey } from './cloudformation/usage';
import { vpcLink } from './cloudformation/vpc-link';

export default [
  restApi,
  resource,
  method,
  deployment,
  stage,
  clientCertificate,
  account,
  model,
  requestValidator,
  authorizer,
  gatewayResponse,
  documentationPart,
  documentationVersion,
  domainName,
  basePathMapping,
  privateDomain,
  privateMapping,
  accessAssociation,
  apiKey,
  usagePlan,
  usagePlanKey,
  vpcLink,
];
