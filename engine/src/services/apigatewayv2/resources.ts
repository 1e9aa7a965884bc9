import { api } from './cloudformation/api';
import { apiMapping } from './cloudformation/api-mapping';
import { authorizer } from './cloudformation/authorizer';
import { deployment } from './cloudformation/deployment';
import { domainName } from './cloudformation/domain-name';
import { integration } from './cloudformation/integration';
import { route } from './cloudformation/route';
import { stage } from './cloudformation/stage';

export default [api, apiMapping, authorizer, deployment, domainName, integration, route, stage];
