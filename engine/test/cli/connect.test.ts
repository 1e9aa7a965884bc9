import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { connectionString } from '../../src/cli/connect';
import { startCloud } from '../../src/testing';

test('the login is read, with a signature, from the secret that names the instance', async () => {
  const cloud = await startCloud({ iam: 'enforce' });
  try {
    const host = 'box.c0ffee.us-east-1.rds.amazonaws.com';
    cloud.cloud.parts.names.set(host, 5432, { host: '127.0.0.1', port: 6543 });
    const secrets = cloud.client(SecretsManagerClient);
    for (const [Name, value] of [
      ['other', 'no JSON'],
      ['login', JSON.stringify({ host, username: 'box', password: 'p@ss', dbname: 'shows' })],
    ])
      await secrets.send(new CreateSecretCommand({ Name, SecretString: value }));
    const card = {
      pid: process.pid,
      port: cloud.port,
      endpoint: cloud.endpoint,
      ephemeral: true,
      lambdaExecutor: 'process' as const,
      iam: 'enforce' as const,
      build: '',
    };
    expect(await connectionString(card, undefined)).toBe(
      'postgresql://box:p%40ss@127.0.0.1:6543/shows?sslmode=require',
    );
  } finally {
    await cloud.stop();
  }
});
