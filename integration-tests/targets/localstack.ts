import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalstackContainer } from '@testcontainers/localstack';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { type ContainerRuntimeClient, GenericContainer, Wait } from 'testcontainers';
import {
  type Deployed,
  deployTheatre,
  IMAGES,
  localstackEnvironment,
  makeCertificates,
  POSTGRES_ALIAS,
  POSTGRES_COMMAND,
  POSTGRES_TLS,
  REDIS_ALIAS,
  REDIS_COMMAND,
} from '../../localstack/src';
import { Containers, dockerFor, reuse } from './docker';
import { EMBEDDED_ONLY, WITHOUT_IAM } from './elsewhere';
import { ContainerNetwork } from './network';
import { run } from './run';
import type { Deployment, Skips, Target } from './target';

const root = join(__dirname, '..', '..');
const init = join(root, 'localstack', 'init');
const socket = '/var/run/docker.sock';
const region = 'us-east-1';

/** The tests that need what a LocalStack may lack, by the adapter's name for it. */
const NEEDED_BY: Record<string, string[]> = {
  'aws-endpoints': ['outputs › say where everything is, in AWS’s words'],
  throttling: ['partners › are served so many requests a second and no more'],
  'response-cache': ['the response cache'],
  'gateway-responses': ['what API Gateway refuses by itself'],
  'model-content-types': ['orders that are not said to be JSON, which API Gateway has no model for'],
};

/** LocalStack, Postgres and Redis in containers of this run's own, on free ports, in a network of their own. */
export function localstack(): Target {
  // Certificates are mounted, so containers that are to be found again need a place that stays.
  const home = reuse ? join(root, '.tierkit', 'testcontainers') : mkdtempSync(join(tmpdir(), 'theatre-ls-'));
  const image = process.env.LOCALSTACK_IMAGE || IMAGES.localstack;
  let containers: Containers | undefined;
  let network: ContainerNetwork | undefined;
  let deployed: Deployed | undefined;

  async function start(interrupted: AbortSignal): Promise<Deployment> {
    const docker = await dockerFor('localstack');
    mkdirSync(home, { recursive: true, mode: 0o700 });
    containers = new Containers('localstack', docker);
    network = await ContainerNetwork.open(docker, reuse ? 'tierkit-testcontainers' : undefined);
    const certificates = await makeCertificates(join(home, 'tls'), POSTGRES_ALIAS);
    interrupted.throwIfAborted();

    const postgres = containers.start('Postgres', IMAGES.postgres, postgresIn(network, certificates.folder));
    const redis = containers.start('Redis', IMAGES.redis, redisIn(network));
    const started = containers.start(
      'LocalStack',
      image,
      localstackIn(docker, network, image, certificates.caFile),
      needsToken,
    );
    // All of them, so that none is still coming up when the others are taken away.
    const all = await Promise.allSettled([postgres, redis, started]);
    for (const one of all) if (one.status === 'rejected') throw one.reason;
    interrupted.throwIfAborted();

    await run('npm', ['run', '--silent', 'build', '-w', '@tierkit/web'], { cwd: root, signal: interrupted });
    const endpoint = (await started).getConnectionUri();
    deployed = await deployTheatre({
      endpoint,
      postgres: {
        inside: { host: POSTGRES_ALIAS, port: 5432 },
        outside: { host: (await postgres).getHost(), port: (await postgres).getPort() },
        user: (await postgres).getUsername(),
        password: (await postgres).getPassword(),
      },
      cache: { inside: { host: REDIS_ALIAS, port: 6379 } },
      home,
    });
    for (const { resourceType, logicalId, why } of deployed.reductions)
      process.stderr.write(`reduced: ${logicalId} (${resourceType}): ${why}\n`);
    const { siteUrl, apiUrl, outputs, missing } = deployed;
    return {
      target: 'localstack',
      siteUrl,
      apiUrl,
      outputs,
      clientConfig: { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
      skips: skipsFor(missing),
    };
  }

  async function stop(): Promise<void> {
    await deployed?.stop();
    for (const line of (await containers?.dead()) ?? []) process.stderr.write(`target localstack: ${line}\n`);
    if (reuse) return;
    await containers?.stop();
    await network?.close();
    rmSync(home, { recursive: true, force: true });
  }

  return { name: 'localstack', start, stop };
}

/** What cannot run for want of something; a capability that no test needs takes nothing away. */
export function skipsFor(missing: Deployed['missing']): Skips {
  const skips = missing.flatMap(({ capability, reason }) =>
    (NEEDED_BY[capability] ?? []).map((key) => [key, reason] as const),
  );
  return { ...EMBEDDED_ONLY, ...WITHOUT_IAM, ...Object.fromEntries(skips) };
}

function postgresIn(network: ContainerNetwork, tls: string) {
  return new PostgreSqlContainer(IMAGES.postgres)
    .withNetworkMode(network.name)
    .withNetworkAliases(POSTGRES_ALIAS)
    .withBindMounts([{ source: tls, target: POSTGRES_TLS, mode: 'ro' }])
    .withCommand(POSTGRES_COMMAND);
}

function redisIn(network: ContainerNetwork) {
  return new GenericContainer(IMAGES.redis)
    .withNetworkMode(network.name)
    .withNetworkAliases(REDIS_ALIAS)
    .withExposedPorts(6379)
    .withCommand(REDIS_COMMAND)
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'));
}

/** Testcontainers' own, whose settings are the same in each run where the container is to be found again. */
class Localstack extends LocalstackContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    if (!reuse) await super.beforeContainerCreated();
  }
}

function localstackIn(
  docker: ContainerRuntimeClient,
  network: ContainerNetwork,
  image: string,
  caFile: string,
) {
  const token = process.env.LOCALSTACK_AUTH_TOKEN;
  const mounts = [
    { source: docker.info.containerRuntime.remoteSocketPath ?? socket, target: socket },
    ...(existsSync(init) ? [{ source: init, target: '/etc/localstack/init', mode: 'ro' as const }] : []),
  ];
  return new Localstack(image)
    .withNetworkMode(network.name)
    .withNetworkAliases('localstack')
    .withBindMounts(mounts)
    .withEnvironment({
      ...localstackEnvironment({ network: network.name, caFile }),
      // The run on the box office would start a container for each of its 200 guests.
      LAMBDA_LIMITS_CONCURRENT_EXECUTIONS: String(4 * availableParallelism()),
      ...(token ? { LOCALSTACK_AUTH_TOKEN: token } : {}),
    });
}

export function needsToken(log: string): string {
  if (!/licen[sc]e|auth[ _-]?token/i.test(log)) return '';
  return `. LocalStack newer than 4.14.0 needs LOCALSTACK_AUTH_TOKEN; ${IMAGES.localstack} is the last that does without (unset LOCALSTACK_IMAGE)`;
}
