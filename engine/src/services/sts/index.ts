import { defineService } from '../../kernel';
import { assumeRole } from './assume-role';
import { getAccessKeyInfo, getCallerIdentity } from './callers';
import { getFederationToken, getSessionToken } from './federation-token';
import { assumeRoleWithWebIdentity } from './web-identity/assume-role';

export default defineService({
  name: 'sts',
  operations: {
    AssumeRole: assumeRole,
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetFederationToken: getFederationToken,
    GetSessionToken: getSessionToken,
  },
  access: () => import('./access').then((module) => module.default),
});
