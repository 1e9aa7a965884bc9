import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from './certificates';
import { IMAGES, POSTGRES_ALIAS } from './containers';

export const root = join(__dirname, '..', '..');

/** What is the same in each call, from the environment: as the compose file has it. */
export interface Settings {
  /** Secrets, certificates, assemblies, the front's card: readable by their owner only. */
  home: string;
  project: string;
  images: { localstack: string; postgres: string; redis: string };
  ports: { localstack: number; postgres: number; redis: number; site: number };
  token: string;
}

export function settings(env: NodeJS.ProcessEnv = process.env): Settings {
  const port = (name: string, otherwise: number) => {
    const value = Number(env[name] || otherwise);
    if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
    throw new Error(`${name}=${env[name]} is no port`);
  };
  return {
    home: env.TIERKIT_HOME || join(root, '.tierkit', 'localstack'),
    project: env.COMPOSE_PROJECT_NAME || 'tierkit',
    images: {
      localstack: env.LOCALSTACK_IMAGE || IMAGES.localstack,
      postgres: env.POSTGRES_IMAGE || IMAGES.postgres,
      redis: env.REDIS_IMAGE || IMAGES.redis,
    },
    ports: {
      localstack: port('LOCALSTACK_PORT', 4566),
      postgres: port('POSTGRES_PORT', 5433),
      redis: port('REDIS_PORT', 6380),
      site: port('SITE_PORT', 4600),
    },
    token: env.LOCALSTACK_AUTH_TOKEN ?? '',
  };
}

/** Makes what the compose file refers to, once, and gives the variables that it takes. */
export async function prepare({ home, project, images, ports, token }: Settings): Promise<NodeJS.ProcessEnv> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  password(home);
  const { caFile } = await makeCertificates(join(home, 'tls'), POSTGRES_ALIAS);
  return {
    ...process.env,
    TIERKIT_HOME: home,
    TIERKIT_CA: caFile,
    TIERKIT_NETWORK: project,
    LOCALSTACK_IMAGE: images.localstack,
    LOCALSTACK_AUTH_TOKEN: token,
    LOCALSTACK_PORT: String(ports.localstack),
    POSTGRES_IMAGE: images.postgres,
    POSTGRES_PORT: String(ports.postgres),
    REDIS_IMAGE: images.redis,
    REDIS_PORT: String(ports.redis),
  };
}

/** Of Postgres's superuser; made when first asked for. */
export function password(home: string): string {
  const file = join(home, 'postgres-password');
  if (!existsSync(file))
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8');
}
