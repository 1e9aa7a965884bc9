import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { attachmentTarget } from './stand-ins';
import { clientConfig, type Surroundings } from './surroundings';
import { referenceOf, type Template } from './template';

/** A database that the template has and LocalStack does not make. */
interface Wanted {
  instanceId: string;
  database: string | undefined;
  /** Logical id of the secret with its login. */
  secretId: string;
}

/** The databases among what was taken out; one without an attached secret is nobody's to reach. */
export function databasesOf(removed: Template['Resources']): Wanted[] {
  return Object.values(removed).flatMap((resource) => {
    if (resource.Type !== 'AWS::SecretsManager::SecretTargetAttachment') return [];
    const instanceId = attachmentTarget(resource) ?? '';
    const secretId = referenceOf(resource.Properties?.SecretId)?.logicalId;
    const instance = removed[instanceId];
    if (!secretId || instance?.Type !== 'AWS::RDS::DBInstance') return [];
    const { DBName } = instance.Properties ?? {};
    return [{ instanceId, secretId, database: typeof DBName === 'string' ? DBName : undefined }];
  });
}

/**
 * Does for a database what RDS and the secret's attachment do: the login and the database of the template exist, and
 * the secret says where. True if the database was not there before.
 */
export async function attachDatabase(
  around: Surroundings,
  wanted: Wanted,
  secretArn: string,
): Promise<boolean> {
  const secrets = new SecretsManagerClient(clientConfig(around.endpoint));
  try {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }));
    const secret = JSON.parse(SecretString ?? '{}') as { username?: string; password?: string };
    const { username, password } = secret;
    if (!username || !password)
      throw new Error(`The secret ${wanted.secretId} has no user name and password`);
    const made = await makeDatabase(around, { username, password }, wanted.database ?? 'postgres');
    const attached = {
      ...secret,
      engine: 'postgres',
      ...around.postgres.inside,
      dbname: wanted.database ?? 'postgres',
      dbInstanceIdentifier: wanted.instanceId,
    };
    if (JSON.stringify(attached) !== SecretString) {
      const command = { SecretId: secretArn, SecretString: JSON.stringify(attached) };
      await secrets.send(new PutSecretValueCommand(command));
    }
    return made;
  } finally {
    secrets.destroy();
  }
}

/** The data goes with the instance, as at the deletion of one that keeps no snapshot. */
export async function dropDatabase(
  around: Pick<Surroundings, 'postgres'>,
  { database }: Wanted,
): Promise<void> {
  if (!database) return;
  await asSuperuser(around, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(database)} WITH (FORCE)`),
  );
}

async function asSuperuser<T>(
  { postgres }: Pick<Surroundings, 'postgres'>,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { user, password, outside } = postgres;
  const client = new Client({
    ...outside,
    user,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** True if it was not there before. */
function makeDatabase(
  around: Surroundings,
  login: { username: string; password: string },
  database: string,
): Promise<boolean> {
  return asSuperuser(around, async (client) => {
    const has = async (sql: string, name: string) => (await client.query(sql, [name])).rows.length > 0;
    const role = escapeIdentifier(login.username);
    const verb = (await has('SELECT FROM pg_roles WHERE rolname = $1', login.username)) ? 'ALTER' : 'CREATE';
    // What a master user of RDS may, as far as roles go: it is no superuser.
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
    await client.query(
      `${verb} ROLE ${role} LOGIN CREATEDB CREATEROLE PASSWORD ${escapeLiteral(login.password)}`,
    );
    if (await has('SELECT FROM pg_database WHERE datname = $1', database)) return false;
    await client.query(`CREATE DATABASE ${escapeIdentifier(database)} OWNER ${role}`);
    return true;
  });
}
