import { defineService } from '../../kernel';
import { assumeRole } from './assume-role';
import { getAccessKeyInfo, getCallerIdentity, getSessionToken } from './callers';

export default defineService({
  name: 'sts',
  operations: {
    AssumeRole: assumeRole,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetSessionToken: getSessionToken,
  },
  access: () => import('./access').then((module) => module.default),
});
