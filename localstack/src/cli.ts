import { rmSync } from 'node:fs';
import { CliError } from '../../engine/src/cli/errors';
import type { Project } from '../../engine/src/cli/project';
import { Steps } from '../../engine/src/cli/steps';
import { exclusively } from '../../engine/src/cli/up-lock';
import { Compose } from './compose';
import { POSTGRES_ALIAS, REDIS_ALIAS } from './containers';
import { destroy } from './destroy';
import { docker } from './docker';
import { runningFront, startFront, stopFront } from './front-process';
import { password, root, type Settings, settings } from './home';
import { healthy } from './probes';
import { Stacks } from './stack';
import type { Surroundings, Teller } from './surroundings';
import { apiUrl, type Released, release, STACK, seed } from './theatre';

const LOOPBACK = '127.0.0.1';

interface Place {
  site: string | undefined;
  api: string | undefined;
}

const commands: Record<string, (context: Context) => Promise<void>> = {
  up,
  down,
  reset,
  status,
  logs,
  deploy,
  destroy: remove,
  seed: async ({ settings, tell }) => {
    await running(settings);
    await seed({ endpoint: endpointOf(settings) }, tell);
  },
};

interface Context {
  settings: Settings;
  tell: Teller;
  json: boolean;
}

async function up({ settings, tell, json }: Context): Promise<void> {
  const compose = await Compose.open(settings);
  const place = await alone(settings, async () => {
    for (const image of await compose.missingImages()) {
      await tell.step(`pull ${image}`, () => docker('pull', '--quiet', image));
    }
    await tell.step('containers', () => compose.start());
    await watched(compose, () => tell.step('healthy', () => healthy(compose)));
    return watched(compose, async () => {
      const place = await deployed(settings, tell);
      await seed({ endpoint: endpointOf(settings) }, tell);
      return place;
    });
  });
  tellWhere(settings, place, json);
}

async function deploy({ settings, tell, json }: Context): Promise<void> {
  const compose = await running(settings);
  const place = await alone(settings, () => watched(compose, () => deployed(settings, tell)));
  tellWhere(settings, place, json);
}

/** Releases the app and starts the front for it. */
async function deployed(settings: Settings, tell: Teller): Promise<Place> {
  const released = await release(surroundings(settings), tell);
  return { site: await openFront(settings, released, tell), api: released.apiUrl };
}

async function openFront(settings: Settings, { front, outputs }: Released, tell: Teller) {
  if (!front) return outputs.SiteUrl;
  return tell.step(
    'front',
    () => startFront(settings.home, front, settings.ports.site),
    (url) => url,
  );
}

async function remove({ settings, tell }: Context): Promise<void> {
  const compose = await running(settings);
  const there = await alone(settings, () => watched(compose, () => destroy(surroundings(settings), tell)));
  await stopFront(settings.home);
  print(there ? 'The stack is deleted; the containers go on.' : 'No stack was deployed.');
}

async function down({ settings }: Context): Promise<void> {
  const compose = await Compose.open(settings);
  await stopFront(settings.home);
  const there = (await compose.states()).length > 0;
  await compose.stop({ forget: false });
  print(
    there
      ? 'The containers have stopped. Postgres keeps its data; LocalStack’s community edition keeps nothing: the next `make up TARGET=localstack` deploys again, with a new box office.'
      : 'No containers were running.',
  );
}

async function reset({ settings }: Context): Promise<void> {
  const compose = await Compose.open(settings);
  await stopFront(settings.home);
  await compose.stop({ forget: true });
  rmSync(settings.home, { recursive: true, force: true });
  print('All data is forgotten.');
}

async function status({ settings, json }: Context): Promise<void> {
  const compose = await Compose.open(settings);
  const states = await compose.states();
  const up = states.length > 0 && states.every((state) => state.running);
  const front = await runningFront(settings.home);
  if (!up) process.exitCode = 1;
  if (json) {
    print(JSON.stringify({ running: up, containers: states, site: front?.url }));
    return;
  }
  for (const { service, status, exitCode } of states) {
    print(`  ${service.padEnd(11)} ${status}${status === 'exited' ? ` (exit code ${exitCode})` : ''}`);
  }
  if (!up) {
    print(states.length > 0 ? 'Not all containers run: `make up TARGET=localstack`.' : 'Not running.');
    return;
  }
  const stacks = new Stacks(endpointOf(settings));
  const stack = await stacks.deployed(STACK).finally(() => stacks.close());
  if (!stack) print('Nothing is deployed: `make up TARGET=localstack`.');
  else tellWhere(settings, { site: front?.url, api: apiUrl(endpointOf(settings), stack.outputs) }, false);
}

async function logs({ settings }: Context): Promise<void> {
  const compose = await running(settings);
  process.exitCode = await compose.logs(true);
}

async function running(settings: Settings): Promise<Compose> {
  const compose = await Compose.open(settings);
  const states = await compose.states();
  if (states.length === 0)
    throw new CliError('No containers run. Start them with `make up TARGET=localstack`.');
  await compose.allAlive();
  return compose;
}

/** Where something went wrong because a container ended, that is what is told. */
async function watched<T>(compose: Compose, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await compose.allAlive();
    throw error;
  }
}

function alone<T>({ home }: Settings, work: () => Promise<T>): Promise<T> {
  const project: Project = { root, home, state: home, configuration: undefined };
  return exclusively(project, work);
}

function endpointOf({ ports }: Settings): string {
  return `http://${LOOPBACK}:${ports.localstack}`;
}

function surroundings(settings: Settings): Surroundings {
  return {
    endpoint: endpointOf(settings),
    postgres: {
      inside: { host: POSTGRES_ALIAS, port: 5432 },
      outside: { host: LOOPBACK, port: settings.ports.postgres },
      user: 'postgres',
      password: password(settings.home),
    },
    cache: { inside: { host: REDIS_ALIAS, port: 6379 } },
    home: settings.home,
  };
}

function tellWhere(settings: Settings, { site, api }: Place, json: boolean): void {
  const { ports, home } = settings;
  const endpoint = endpointOf(settings);
  if (json) {
    const databases = { postgres: `${LOOPBACK}:${ports.postgres}`, redis: `${LOOPBACK}:${ports.redis}` };
    print(JSON.stringify({ endpoint, site, api, ...databases }));
    return;
  }
  const lines = [
    ['Site', site ?? 'not running: `make up TARGET=localstack`', site ? 'the theatre; plain HTTP' : ''],
    ['API', api ?? '', 'theatre, stage v1'],
    [
      'Postgres',
      `${LOOPBACK}:${ports.postgres}`,
      `PGPASSWORD="$(cat ${home}/postgres-password)" psql -h ${LOOPBACK} -p ${ports.postgres} -U postgres theatre`,
    ],
    ['Redis', `${LOOPBACK}:${ports.redis}`, `redis-cli -p ${ports.redis}`],
    ['AWS', endpoint, `eval "$(npx tierkit env)", then export AWS_ENDPOINT_URL=${endpoint}`],
    ['Logs', 'make logs TARGET=localstack', `and ${home}/front.log`],
  ];
  const width = Math.max(...lines.map(([, address = '']) => address.length));
  const text = lines.map(([kind = '', address = '', note = '']) =>
    `  ${kind.padEnd(9)} ${address.padEnd(width)}  ${note}`.trimEnd(),
  );
  print(`\n${text.join('\n')}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function main([name = '', ...options]: string[]): Promise<void> {
  // Each SDK client would say which Node it will want next year, between the steps.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const command = commands[name];
  const unknown = options.find((option) => option !== '--json');
  if (!command || unknown) {
    throw new CliError(
      unknown
        ? `${name}: what is ${unknown}? There is only --json.`
        : `\`${name}\` is not for TARGET=localstack. There are ${Object.keys(commands).join(', ')}.`,
      64,
    );
  }
  const json = options.includes('--json');
  const steps = new Steps(json);
  const tell: Teller = {
    step: (title, work, outcome) => steps.step(title, work, outcome),
    note: (text) => void (json || process.stderr.write(`      ${text}\n`)),
  };
  await command({ settings: settings(), tell, json });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const plain = error instanceof CliError || (error instanceof Error && !process.env.DEBUG);
  process.stderr.write(
    `${plain ? (error as Error).message : error instanceof Error ? error.stack : error}\n`,
  );
  process.exit(error instanceof CliError ? error.exitCode : 1);
});
