import {
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  DeleteServiceSpecificCredentialCommand,
  DeleteUserCommand,
  IAMClient,
  ListServiceSpecificCredentialsCommand,
  ResetServiceSpecificCredentialCommand,
  UpdateServiceSpecificCredentialCommand,
} from '@aws-sdk/client-iam';
import { startCloud, type TestCloud } from '../../src/testing';
import { refusal } from '../identity/callers';

let cloud: TestCloud;
let iam: IAMClient;
beforeAll(async () => {
  cloud = await startCloud();
  iam = cloud.client(IAMClient);
});
afterAll(() => cloud.stop());

const UserName = 'ada';
const ServiceName = 'codecommit.amazonaws.com';

test('service-specific credentials live and die as on AWS', async () => {
  const create = (more: object = {}) =>
    iam.send(new CreateServiceSpecificCredentialCommand({ UserName, ServiceName, ...more }));
  expect(await refusal(create({ ServiceName: 'none' }))).toBe(
    '404 NoSuchEntityException: The user with name ada cannot be found.',
  );
  await iam.send(new CreateUserCommand({ UserName }));
  expect(await refusal(create({ ServiceName: 'none' }))).toContain(
    '404 NoSuchEntityException: No such service none',
  );
  const { ServiceSpecificCredential: made } = await create();
  expect(made).toEqual({
    CreateDate: expect.any(Date),
    ServiceName,
    ServiceUserName: 'ada-at-000000000000',
    ServicePassword: expect.stringMatching(/^[\w+/]{43}=$/),
    ServiceSpecificCredentialId: expect.stringMatching(/^ACCA[A-Z2-7]{17}$/),
    UserName,
    Status: 'Active',
  });
  await create();
  expect(await refusal(create())).toContain('409 LimitExceededException');
  const { ServicePassword: first, ...listed } = made ?? {};
  const list = async () =>
    (await iam.send(new ListServiceSpecificCredentialsCommand({ UserName, ServiceName })))
      .ServiceSpecificCredentials;
  expect(await list()).toContainEqual(listed);
  const at = { UserName, ServiceSpecificCredentialId: made?.ServiceSpecificCredentialId };
  const reset = await iam.send(new ResetServiceSpecificCredentialCommand(at));
  expect(reset.ServiceSpecificCredential?.ServicePassword).not.toBe(first);
  await iam.send(new UpdateServiceSpecificCredentialCommand({ ...at, Status: 'Inactive' }));
  expect(await list()).toContainEqual({ ...listed, Status: 'Inactive' });
  expect(await refusal(iam.send(new DeleteUserCommand({ UserName })))).toBe(
    '409 DeleteConflictException: Cannot delete entity, must remove referenced objects first.',
  );
  const wrong = { ...at, ServiceSpecificCredentialId: 'satisfiesregexbutstillinvalid' };
  expect(await refusal(iam.send(new DeleteServiceSpecificCredentialCommand(wrong)))).toBe(
    '404 NoSuchEntityException: No such credential satisfiesregexbutstillinvalid exists',
  );
  await iam.send(new DeleteServiceSpecificCredentialCommand(at));
  expect(await list()).toHaveLength(1);
});
