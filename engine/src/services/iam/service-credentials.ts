import { type Call, notImplemented, type Operation } from '../../kernel';
import { noSuchEntity, quotaExceeded } from './errors';
import { findUser } from './find';
import { newId } from './identifiers';
import { listOf } from './lists';
import { keyOf, type ServiceCredential, stateOf } from './store';
import { callerName } from './users';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_service-specific-creds.html */
const SERVICES = new Set(['codecommit.amazonaws.com', 'cassandra.amazonaws.com']);
const MOST = 2;
const PASSWORD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export const createServiceCredential: Operation<'iam', 'CreateServiceSpecificCredential'> = (input, call) => {
  const user = findUser(call, input.UserName!);
  const service = input.ServiceName!;
  checkService(service);
  if (input.CredentialAgeDays !== undefined)
    throw notImplemented('IAM CreateServiceSpecificCredential CredentialAgeDays');
  const existing = credentialsOf(call, user.name).filter((one) => one.service === service);
  if (existing.length >= MOST) throw quotaExceeded('ServiceSpecificCredentialsPerUser', MOST);
  const nth = existing.length === 0 ? '' : `+${existing.length}`;
  const credential: ServiceCredential = {
    id: newId(call, 'ACCA'),
    user: user.name,
    service,
    userName: `${user.name}${nth}-at-${call.account}`,
    password: newPassword(call),
    status: 'Active',
    created: call.clock.now(),
  };
  put(call, credential);
  return { ServiceSpecificCredential: { ...show(credential), ServicePassword: credential.password } };
};

export const listServiceCredentials: Operation<'iam', 'ListServiceSpecificCredentials'> = (input, call) => {
  if (input.AllUsers !== undefined) throw notImplemented('IAM ListServiceSpecificCredentials AllUsers');
  const user = findUser(call, input.UserName ?? callerName(call));
  if (input.ServiceName !== undefined) checkService(input.ServiceName);
  const all = credentialsOf(call, user.name).filter(
    ({ service }) => input.ServiceName === undefined || service === input.ServiceName,
  );
  const { items, page } = listOf(all, ({ id }) => id, input);
  return { ServiceSpecificCredentials: items.map(show), ...page };
};

export const resetServiceCredential: Operation<'iam', 'ResetServiceSpecificCredential'> = (input, call) => {
  const credential = { ...find(call, input), password: newPassword(call) };
  put(call, credential);
  return { ServiceSpecificCredential: { ...show(credential), ServicePassword: credential.password } };
};

export const updateServiceCredential: Operation<'iam', 'UpdateServiceSpecificCredential'> = (input, call) => {
  put(call, { ...find(call, input), status: input.Status! });
  return {};
};

export const deleteServiceCredential: Operation<'iam', 'DeleteServiceSpecificCredential'> = (input, call) => {
  const { user, id } = find(call, input);
  stateOf(call).serviceCredentials.remove([keyOf(user), id]);
  return {};
};

interface Named {
  UserName?: string | undefined;
  ServiceSpecificCredentialId: string | undefined;
}

function find(call: Call, { UserName, ServiceSpecificCredentialId: id = '' }: Named): ServiceCredential {
  const user = findUser(call, UserName ?? callerName(call));
  const credential = stateOf(call).serviceCredentials.get([keyOf(user.name), id]);
  if (!credential) throw noSuchEntity(`No such credential ${id} exists`);
  return credential;
}

function credentialsOf(call: Call, user: string): ServiceCredential[] {
  return [...stateOf(call).serviceCredentials.values({ prefix: keyOf(user) })];
}

function put(call: Call, credential: ServiceCredential): void {
  stateOf(call).serviceCredentials.put([keyOf(credential.user), credential.id], credential);
}

function checkService(service: string): void {
  if (service === 'bedrock.amazonaws.com')
    throw notImplemented(`IAM service-specific credentials of ${service}`);
  if (!SERVICES.has(service))
    throw noSuchEntity(`No such service ${service} is supported for Service Specific Credentials`);
}

const newPassword = (call: Call): string => `${call.ids.of(PASSWORD, 43)}=`;

function show({ id, user, service, userName, status, created }: ServiceCredential) {
  return {
    CreateDate: created,
    ServiceName: service,
    ServiceUserName: userName,
    ServiceSpecificCredentialId: id,
    UserName: user,
    Status: status,
  };
}
