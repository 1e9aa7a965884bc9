import { accessKey } from './access-key';
import { group } from './group';
import { instanceProfile } from './instance-profile';
import { managedPolicy } from './managed-policy';
import { oidcProvider } from './oidc-provider';
import { policy } from './policy';
import { role } from './role';
import { serviceLinkedRole } from './service-linked-role';
import { user } from './user';

export default [
  accessKey,
  group,
  instanceProfile,
  managedPolicy,
  oidcProvider,
  policy,
  role,
  serviceLinkedRole,
  user,
];
