import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { LoginSecret } from './secret';

const secretOf = (value: object) => {
  const send = jest.fn(async () => ({ SecretString: JSON.stringify(value) }));
  return {
    send,
    secret: new LoginSecret('arn:aws:secretsmanager:::secret:s', { send } as unknown as SecretsManagerClient),
  };
};

const attached = {
  username: 'theatre',
  password: 'hunter2',
  engine: 'postgres',
  host: 'db.internal',
  port: 5432,
  dbname: 'theatre',
  dbInstanceIdentifier: 'db',
};

test('says where the database is and how to come in, asked for once', async () => {
  const { send, secret } = secretOf(attached);
  const { engine, dbInstanceIdentifier, ...login } = attached;
  expect([await secret.get(), await secret.get()]).toEqual([login, login]);
  expect(send).toHaveBeenCalledTimes(1);
  secret.forget();
  await secret.get();
  expect(send).toHaveBeenCalledTimes(2);
});

test('a secret that is attached to nothing is refused by what it lacks', async () => {
  const { secret } = secretOf({ username: 'theatre', password: 'hunter2' });
  await expect(secret.get()).rejects.toThrow(/host/);
});
