import { signedHeaders } from '../identity/signature/signed-headers';
import type { EngineCard } from './engine-card';
import { CliError } from './errors';
import { fetchUrls } from './urls';

interface DatabaseLogin {
  host?: string;
  username?: string;
  password?: string;
  dbname?: string;
}

/** The connection string of an RDS instance, its login taken from the Secrets Manager secret that is attached to it. */
export async function connectionString(engine: EngineCard, id: string | undefined): Promise<string> {
  const { databases } = await fetchUrls(engine);
  const postgres = databases.filter((database) => database.engine === 'postgres');
  const found =
    id === undefined && postgres.length === 1 ? postgres[0] : postgres.find((database) => database.id === id);
  if (!found) {
    throw new CliError(
      `${id === undefined ? 'Say which instance' : `No instance ${id} runs`}. Running: ${postgres.map((database) => database.id).join(', ') || 'none'}.`,
    );
  }
  const login = await findLogin(engine, found.endpoint.replace(/:\d+$/, ''));
  const user = encodeURIComponent(login.username ?? '');
  return `postgresql://${user}:${encodeURIComponent(login.password ?? '')}@${found.host}:${found.port}/${login.dbname ?? 'postgres'}?sslmode=require`;
}

async function findLogin(engine: EngineCard, host: string): Promise<DatabaseLogin> {
  let token: string | undefined;
  do {
    const page = (await secrets(engine, 'ListSecrets', token ? { NextToken: token } : {})) as {
      SecretList?: { ARN: string }[];
      NextToken?: string;
    };
    for (const { ARN } of page.SecretList ?? []) {
      const { SecretString } = (await secrets(engine, 'GetSecretValue', { SecretId: ARN })) as {
        SecretString?: string;
      };
      const login = parse(SecretString);
      if (login?.host === host) return login;
    }
    token = page.NextToken;
  } while (token);
  throw new CliError(
    `No secret in Secrets Manager is attached to ${host}: use the login that the instance was created with.`,
  );
}

function parse(text: string | undefined): DatabaseLogin | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

async function secrets(engine: EngineCard, operation: string, input: object): Promise<unknown> {
  const { host } = new URL(engine.endpoint);
  const body = JSON.stringify(input);
  const headers = {
    host,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `secretsmanager.${operation}`,
  };
  const { host: _, ...signed } = signedHeaders(
    { method: 'POST', url: '/', headers, body },
    { service: 'secretsmanager' },
  );
  const response = await fetch(engine.endpoint, { method: 'POST', headers: signed, body });
  return response.json();
}
