import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildId } from './build-id';
import { explained } from './deploy-failure';
import { detachEngine, type EngineOptions, stopEngine } from './engine';
import { type EngineCard, runningEngine } from './engine-card';
import { towardsEngine } from './environment';
import { CliError } from './errors';
import type { Project, ProjectConfiguration } from './project';
import { runCommand, Steps } from './steps';
import { exclusively } from './up-lock';
import { fetchUrls, type Urls } from './urls';

export interface UpResult extends Urls {
  engine: EngineCard;
}

/** Start, build, deploy, seed: brings the project's system up, or up to date. */
export function up(project: Project, options: EngineOptions & { quiet: boolean }): Promise<UpResult> {
  const configuration = requireApp(project);
  return exclusively(project, async () => {
    const steps = new Steps(options.quiet);
    const { engine } = await steps.step(
      'engine',
      () => currentEngine(project, options),
      ({ engine: { endpoint }, note }) => [endpoint, note].filter(Boolean).join(', '),
    );
    await buildAndDeploy(project, configuration, engine, steps);
    await seed(project, configuration, engine, steps);
    return { engine, ...(await fetchUrls(engine)) };
  });
}

/** The project's engine: the one that runs, unless that is of another build, or a new one. */
async function currentEngine(
  project: Project,
  options: EngineOptions,
): Promise<{ engine: EngineCard; note?: string }> {
  const running = runningEngine(project);
  if (!running) return { engine: await detachEngine(project, options) };
  const { port, ephemeral } = running;
  const lambdaExecutor = options.lambdaExecutor ?? running.lambdaExecutor;
  const iam = options.iam ?? running.iam;
  const changes = [
    ...(running.build === buildId() ? [] : ['it ran another build of tierkit']),
    ...(lambdaExecutor === running.lambdaExecutor ? [] : [`functions run in a ${lambdaExecutor} now`]),
    ...(iam === running.iam ? [] : [`--iam is ${iam} now`]),
  ];
  if (changes.length === 0) return { engine: running, note: 'already running' };
  await stopEngine(project);
  return {
    engine: await detachEngine(project, { port, ephemeral, lambdaExecutor, iam }),
    note: `restarted${ephemeral ? ', its data forgotten (--ephemeral)' : ''}: ${changes.join(', ')}`,
  };
}

/** The app's build and `cdklocal deploy`, to the engine. */
export async function buildAndDeploy(
  project: Project,
  configuration: ProjectConfiguration,
  engine: EngineCard,
  steps: Steps,
): Promise<void> {
  await build(project, configuration, steps);
  const env = towardsEngine(engine.endpoint);
  const deploy = () =>
    runCommand(
      `npx --no-install cdklocal deploy --all --require-approval never --progress events ${assembly(project)}`,
      { cwd: join(project.root, configuration.cdk), env, what: 'The deployment' },
    );
  await explained(project, engine, () => steps.step('deploy', deploy));
}

/** Each engine's deployments have an assembly folder of their own: the CDK CLI refuses to share one. */
export function assembly(project: Project): string {
  return `--output "${join(project.home, 'cdk.out')}"`;
}

export async function build(
  project: Project,
  configuration: ProjectConfiguration,
  steps: Steps,
): Promise<void> {
  const command = configuration.build;
  if (command)
    await steps.step('build', () =>
      runCommand(command, { cwd: project.root, env: process.env, what: 'The build' }),
    );
}

export async function seed(
  project: Project,
  configuration: ProjectConfiguration,
  engine: EngineCard,
  steps: Steps,
): Promise<void> {
  const command = configuration.seed;
  if (!command) return;
  await steps.step(
    'seed',
    () => runCommand(command, { cwd: project.root, env: towardsEngine(engine.endpoint), what: 'Seeding' }),
    (output) => output.trim().split('\n').at(-1),
  );
}

/** The project's CDK app, or what to do where there is none. */
export function requireApp(project: Project): ProjectConfiguration {
  const { configuration } = project;
  if (!configuration) {
    throw new CliError(
      `No CDK app here: ${project.root} has neither a cdk.json nor a "tierkit" member in its package.json. \`tierkit start\` runs the engine alone.`,
    );
  }
  if (!existsSync(join(project.root, configuration.cdk, 'cdk.json'))) {
    throw new CliError(
      `${join(project.root, configuration.cdk)} has no cdk.json: the "tierkit" member of package.json names the wrong folder.`,
    );
  }
  return configuration;
}
