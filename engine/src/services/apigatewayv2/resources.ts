import { api } from './cloudformation/api';
import { authorizer } from './cloudformation/authorizer';
import { deployment } from './cloudformation/deployment';
import { integration } from './cloudformation/integration';
import { route } from './cloudformation/route';
import { stage } from './cloudformation/stage';

export default [api, authorizer, deployment, integration, route, stage];
