import type { Operation } from '../../kernel';
import { alreadyExists, noSuchEntity } from './errors';
import { stateOf } from './store';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html */
export const getAccountSummary: Operation<'iam', 'GetAccountSummary'> = (_input, call) => {
  const state = stateOf(call);
  return {
    SummaryMap: {
      Users: state.users.count(),
      UsersQuota: 5_000,
      Groups: state.groups.count(),
      GroupsQuota: 300,
      Roles: state.roles.count(),
      RolesQuota: 1_000,
      Policies: state.policies.count(),
      PoliciesQuota: 1_500,
      PolicyVersionsInUse: state.policies.count(),
      PolicyVersionsInUseQuota: 10_000,
      VersionsPerPolicyQuota: 5,
      InstanceProfiles: state.profiles.count(),
      InstanceProfilesQuota: 1_000,
      AccessKeysPerUserQuota: 2,
      AssumeRolePolicySizeQuota: 2_048,
      AttachedPoliciesPerGroupQuota: 10,
      AttachedPoliciesPerRoleQuota: 10,
      AttachedPoliciesPerUserQuota: 10,
      GroupPolicySizeQuota: 5_120,
      GroupsPerUserQuota: 10,
      PolicySizeQuota: 6_144,
      RolePolicySizeQuota: 10_240,
      UserPolicySizeQuota: 2_048,
      AccountAccessKeysPresent: 0,
      AccountMFAEnabled: 0,
      AccountPasswordPresent: 1,
      AccountSigningCertificatesPresent: 0,
      MFADevices: 0,
      MFADevicesInUse: 0,
      Providers: state.oidcProviders.count(),
      ServerCertificates: 0,
      ServerCertificatesQuota: 20,
      SigningCertificatesPerUserQuota: 2,
      GlobalEndpointTokenVersion: 1,
    },
  };
};

/** Aliases are everybody's: no two accounts have the same. */
export const createAccountAlias: Operation<'iam', 'CreateAccountAlias'> = (input, call) => {
  const alias = input.AccountAlias!;
  const owners = call.worldStore.collection<string>('aliases');
  if (owners.has(alias)) throw alreadyExists(`The account alias ${alias} already exists.`);
  const old = stateOf(call).settings.get('alias');
  call.worldStore.transaction(() => {
    if (typeof old === 'string') owners.remove(old);
    owners.put(alias, call.account);
    stateOf(call).settings.put('alias', alias);
  });
  return {};
};

export const deleteAccountAlias: Operation<'iam', 'DeleteAccountAlias'> = (input, call) => {
  const alias = input.AccountAlias!;
  const owners = call.worldStore.collection<string>('aliases');
  if (owners.get(alias) !== call.account) throw noSuchEntity(`The account alias ${alias} cannot be found.`);
  call.worldStore.transaction(() => {
    owners.remove(alias);
    stateOf(call).settings.remove('alias');
  });
  return {};
};

export const listAccountAliases: Operation<'iam', 'ListAccountAliases'> = (_input, call) => {
  const alias = stateOf(call).settings.get('alias');
  return { AccountAliases: typeof alias === 'string' ? [alias] : [], IsTruncated: false };
};
