import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { LocalCloud, StateFolderError } from '../cloud';
import { isAlive, isErrno } from '../cloud/state-folder';
import { type Executor, ExecutorSettingError, executorSettings } from '../functions/executor-settings';
import type { IamMode } from '../gateway/authorize';
import type { JwksAddresses } from '../identity/tokens/issuers';
import { packageRoot } from '../package-root';
import { buildId } from './build-id';
import { type EngineCard, removeCard, runningEngine, writeCard } from './engine-card';
import { CliError } from './errors';
import { portOwner } from './port-owner';
import { ensureHome, type Project } from './project';

export const DEFAULT_PORT = 4566;

export interface EngineOptions {
  port: number;
  ephemeral: boolean;
  /** What functions run in; LAMBDA_EXECUTOR says it where this is left out. */
  lambdaExecutor?: Executor;
  /** Whether callers are held against their policies; LocalCloud's default if left out. */
  iam?: IamMode;
  /** Where the keys are of token issuers that are not of the engine. */
  jwks?: JwksAddresses;
}

/** Runs an engine in this process. `stopped` resolves when it was asked to stop and has done so. */
export async function runEngine(
  project: Project,
  options: EngineOptions,
): Promise<{ cloud: LocalCloud; card: EngineCard; stop(): Promise<void>; stopped: Promise<void> }> {
  ensureHome(project);
  let end: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    end = resolve;
  });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      try {
        await cloud.stop();
      } finally {
        removeCard(project);
        end();
      }
    })();
    return stopping;
  };
  // Named before anything else: a later build may replace the files that this process has loaded.
  const build = buildId();
  const cloud = await startCloud(project, options, () => void stop());
  const card = {
    pid: process.pid,
    port: cloud.port,
    endpoint: cloud.endpoint,
    ephemeral: options.ephemeral,
    lambdaExecutor: cloud.environments.executor,
    iam: cloud.iam,
    ...(options.jwks ? { jwks: options.jwks } : {}),
    build,
  };
  writeCard(project, card);
  return { cloud, card, stop, stopped };
}

async function startCloud(
  project: Project,
  { port, ephemeral, lambdaExecutor, iam, jwks }: EngineOptions,
  onStopRequested: () => void,
): Promise<LocalCloud> {
  try {
    return await LocalCloud.start({
      port,
      ...(ephemeral ? {} : { stateDirectory: project.state }),
      environmentLimits: {
        ...executorSettings(process.env),
        ...(lambdaExecutor ? { executor: lambdaExecutor } : {}),
      },
      ...(iam ? { iam } : {}),
      ...(jwks ? { jwks } : {}),
      onStopRequested,
    });
  } catch (error) {
    if (isErrno(error, 'EADDRINUSE')) {
      throw new CliError(
        `Port ${port} is in use by ${await portOwner(port)}. Stop it, or choose another port with --port.`,
      );
    }
    if (isErrno(error, 'EACCES') && port < 1024)
      throw new CliError(`Port ${port} needs more rights than you have. Choose one above 1023 with --port.`);
    if (error instanceof StateFolderError || error instanceof ExecutorSettingError)
      throw new CliError(error.message);
    throw error;
  }
}

/** Starts an engine in the background and resolves when it is ready; its output goes to `.tierkit/engine.log`. */
export async function detachEngine(
  project: Project,
  { port, ephemeral, lambdaExecutor, iam, jwks }: EngineOptions,
): Promise<EngineCard> {
  ensureHome(project);
  const logFile = join(project.home, 'engine.log');
  const log = openSync(logFile, 'w', 0o600);
  const args = [
    'start',
    '--port',
    String(port),
    '--state',
    project.home,
    ...(ephemeral ? ['--ephemeral'] : []),
    ...(lambdaExecutor ? ['--lambda-executor', lambdaExecutor] : []),
    ...(iam ? ['--iam', iam] : []),
    ...Object.entries(jwks ?? {}).flatMap(([issuer, address]) => ['--jwks', `${issuer}=${address}`]),
    '--as-daemon',
  ];
  const child = spawn(process.execPath, [join(packageRoot, 'bin', 'tierkit.js'), ...args], {
    cwd: project.root,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return new Promise((resolve, reject) => {
    child.once('message', (card: EngineCard) => {
      child.disconnect();
      child.unref();
      resolve(card);
    });
    child.once('error', reject);
    child.once('exit', () => {
      const said = readFileSync(logFile, 'utf8').trim();
      reject(
        new CliError(said.split('\n').at(-1) || `The engine ended before it was ready; see ${logFile}.`),
      );
    });
  });
}

/** Asks the running engine to stop and waits until its process has ended. False if none runs. */
export async function stopEngine(project: Project): Promise<boolean> {
  const card = runningEngine(project);
  if (!card) return false;
  const ended = processEnd(project, card);
  try {
    await fetch(`${card.endpoint}/_tierkit/stop`, { method: 'POST', headers: { 'x-tierkit': 'cli' } });
  } catch {
    // It does not answer any more: ask as the system does.
    if (isAlive(card.pid)) process.kill(card.pid, 'SIGTERM');
  }
  await ended;
  return true;
}

/** The engine takes its card away as its last act. */
function processEnd(project: Project, card: EngineCard): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (runningEngine(project)?.pid === card.pid) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(project.home, check);
    check();
  });
}
