import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LocalCloud } from '../cloud';
import type { Conventions } from '../cloud/conventions';
import type { ServiceName } from '../kernel';
import type { EngineEvent } from '../observe';
import { services } from '../services/registry';
import { InitHooks } from './init-hooks';
import type { LogLevel, Settings } from './settings';

export interface ContainerRun {
  settings: Settings;
  /** Holds the folders of the init scripts. */
  init: string;
  /** Holds the state that is kept with PERSISTENCE=1. */
  state: string;
  /** At once: scripts write to the same output. */
  print(line: string): void;
  /** As `print`, or a moment later with others. */
  printLater(line: string): void;
  /** An event as a line. */
  format(event: EngineEvent): string | undefined;
}

type Ending = 'stop' | 'restart';

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** The engine as LocalStack's container runs: its stages, its scripts, its words. Returns when it was told to end. */
export async function runContainer(run: ContainerRun): Promise<void> {
  const { settings, print } = run;
  const shown = ORDER.slice(ORDER.indexOf(settings.logLevel));
  const say = (level: LogLevel, message: string) => {
    if (shown.includes(level)) print(`${level.toUpperCase()} ${message}`);
  };
  for (const warning of settings.warnings) say('warn', warning);
  let cloud: LocalCloud | undefined;
  const environment = () => scriptEnvironment(settings, cloud?.endpoint);
  const hooks = new InitHooks({ folder: run.init, environment, say });
  let end: (ending: Ending) => void = () => {};
  let asked: Ending | undefined;
  const ask = (ending: Ending) => {
    asked ??= ending;
    hooks.interrupt();
    end(asked);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ask('stop'));

  await hooks.run('BOOT');
  for (;;) {
    if (asked) return;
    const ended = new Promise<Ending>((resolve) => {
      end = resolve;
    });
    cloud = await start(run, hooks, ask);
    cloud.events.subscribe((event) => {
      const level = event.type === 'engine' ? event.level : 'info';
      const text = shown.includes(level) ? run.format(event) : undefined;
      if (text !== undefined) run.printLater(text);
    });
    await hooks.run('START');
    if (!asked) {
      print('Ready.');
      await hooks.run('READY');
    }
    const ending = asked ?? (await ended);
    await hooks.run('SHUTDOWN');
    await cloud.stop();
    if (ending === 'stop') return;
    asked = undefined;
    hooks.again();
  }
}

async function start(
  { settings, state }: ContainerRun,
  hooks: InitHooks,
  ask: (ending: Ending) => void,
): Promise<LocalCloud> {
  const conventions: Conventions = {
    inContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
    debug: settings.debug,
    configuration: settings.configuration,
    ...(settings.services ? { services: settings.services } : {}),
    init: () => hooks.report(),
  };
  const cloud = await LocalCloud.start({
    listen: settings.listen,
    external: settings.external,
    ...(settings.publicHost ? { publicHost: settings.publicHost } : {}),
    ...(settings.persistence ? { stateDirectory: join(state, 'state') } : {}),
    environmentLimits: settings.environmentLimits,
    iam: settings.iam,
    conventions,
    onStopRequested: () => ask('stop'),
    onRestartRequested: () => ask('restart'),
  });
  if (settings.eager) {
    const all = Object.keys(services) as ServiceName[];
    for (const name of all) if (settings.services?.has(name) ?? true) await cloud.dispatcher.wake(name);
  }
  return cloud;
}

/** Scripts reach the engine without being told where it is, unless they are. */
function scriptEnvironment({ environment }: Settings, endpoint: string | undefined): NodeJS.ProcessEnv {
  return {
    ...(endpoint ? { AWS_ENDPOINT_URL: endpoint } : {}),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'us-east-1',
    ...environment,
  };
}
