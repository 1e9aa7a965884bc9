import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type Executor, isExecutor } from '../functions/executor-settings';
import { type IamMode, isIamMode } from '../gateway/authorize';
import type { JwksAddresses } from '../identity/tokens/issuers';
import { isLoopback } from '../kernel/loopback';
import { fetchAccess, forgetUses, formatAccess } from './access';

import { connectionString } from './connect';
import { container } from './container';
import { DEFAULT_PORT, detachEngine, runEngine, stopEngine } from './engine';
import { type EngineCard, runningEngine } from './engine-card';
import { exportLines, towardsAws, towardsEngine } from './environment';
import { CliError } from './errors';
import { fetchExplained, fetchRefusals, formatExplained, formatRefusals } from './explain';
import { formatEvent, printLogs } from './logs';
import { findProject, type Project } from './project';
import { runCommand, Steps } from './steps';
import { assembly, build, buildAndDeploy, requireApp, seed, up } from './up';
import { exclusively } from './up-lock';
import { fetchUrls, formatUrls } from './urls';

interface Common {
  state?: string;
  json?: boolean;
}

interface StartOptions extends Common {
  port: number;
  ephemeral?: boolean;
  lambdaExecutor?: Executor;
  iam?: IamMode;
  jwks?: JwksAddresses;
  detach?: boolean;
  asDaemon?: boolean;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return value;
}

const LAMBDA_EXECUTOR =
  'what functions run in: process (the engine’s own Node) or docker (AWS’s images, all runtimes)';

const IAM =
  'enforce (the default) refuses what IAM would refuse, audit only says so in the log, off asks nobody';

const EXPLAIN = `
The id of a request to a deployed API stands for the calls that its functions made: they are known by the trace
(X-Amzn-Trace-Id) that the SDKs of Lambda's runtimes hand on. Calls of a client that does not hand it on are found by
their own ids, which \`tierkit explain\` alone lists where they were refused.`;

function iamMode(text: string): IamMode {
  if (!isIamMode(text)) throw new InvalidArgumentError('It is enforce, audit or off.');
  return text;
}

const JWKS =
  'where the keys of a token issuer are, on this machine: <issuer>=<url of its JWKS>; may be given several times';

function jwks(text: string, others: JwksAddresses = {}): JwksAddresses {
  const [, issuer, address] = /^(https?:\/\/[^=]+)=(https?:\/\/.+)$/.exec(text) ?? [];
  if (!issuer || !address || !isLoopback(hostOf(address)))
    throw new InvalidArgumentError('It is <issuer>=<url>, and the url is on this machine.');
  return { ...others, [issuer]: address };
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : '';
}

function executor(text: string): Executor {
  if (!isExecutor(text)) throw new InvalidArgumentError('Functions run in a process or in docker.');
  return text;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints what comes within one turn of the event loop at once: a write a line costs a busy engine dear. */
function batched(write: (text: string) => void): (line: string) => void {
  let lines: string[] = [];
  return (line) => {
    if (lines.push(line) > 1) return;
    setImmediate(() => {
      write(lines.join('\n'));
      lines = [];
    });
  };
}

/** The engine that runs for the project, or what to do about it. */
function requireEngine(project: Project): EngineCard {
  const engine = runningEngine(project);
  if (!engine)
    throw new CliError(
      `No engine runs for ${project.root}. Start one with \`tierkit up\` or \`tierkit start\`.`,
    );
  return engine;
}

function define(): Command {
  const program = new Command('tierkit')
    .description('An embedded AWS for serverless three-tier systems.')
    .showHelpAfterError()
    .helpCommand(false);
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('--state <folder>', 'keep everything in this folder instead of .tierkit')
      .option('--json', 'answer in JSON, for scripts');

  command('start', 'run the engine alone')
    .option('--port <number>', 'port of 127.0.0.1; 0 takes a free one', port, DEFAULT_PORT)
    .option('--ephemeral', 'keep no state')
    .option('--lambda-executor <kind>', LAMBDA_EXECUTOR, executor)
    .option('--iam <mode>', IAM, iamMode)
    .option('--jwks <issuer=url>', JWKS, jwks)
    .option('--detach', 'run in the background')
    .option('--as-daemon', 'used by --detach')
    .action(start);
  program
    .command('container')
    .description(
      'run in the place of LocalStack’s container, with its variables and init scripts, as the image does',
    )
    .option('--state <folder>', 'where PERSISTENCE=1 keeps the state', '/var/lib/localstack')
    .option('--init <folder>', 'holds boot.d, start.d, ready.d and shutdown.d', '/etc/localstack/init')
    .action((options: { state: string; init: string }) => container(options, print, batched(print)));
  command('up', 'start the engine, deploy the CDK app of this repository, seed it')
    .option('--port <number>', 'port of 127.0.0.1; 0 takes a free one', port, DEFAULT_PORT)
    .option('--ephemeral', 'keep no state')
    .option('--lambda-executor <kind>', LAMBDA_EXECUTOR, executor)
    .option('--iam <mode>', IAM, iamMode)
    .option('--jwks <issuer=url>', JWKS, jwks)
    .action(async (options: StartOptions) => {
      const project = findProject(options);
      const result = await up(project, {
        port: options.port,
        ephemeral: options.ephemeral ?? false,
        ...(options.lambdaExecutor ? { lambdaExecutor: options.lambdaExecutor } : {}),
        ...(options.iam ? { iam: options.iam } : {}),
        ...(options.jwks ? { jwks: options.jwks } : {}),
        quiet: options.json ?? false,
      });
      print(options.json ? JSON.stringify(result) : `\n${formatUrls(result, project)}\n`);
    });
  command('deploy', 'build and deploy the CDK app again, after a change').action(async (options: Common) => {
    const project = findProject(options);
    const configuration = requireApp(project);
    const engine = requireEngine(project);
    await exclusively(project, () =>
      buildAndDeploy(project, configuration, engine, new Steps(options.json ?? false)),
    );
    const urls = await fetchUrls(engine);
    print(options.json ? JSON.stringify(urls) : `\n${formatUrls(urls, project)}\n`);
  });
  command('seed', 'put the demo data in').action(async (options: Common) => {
    const project = findProject(options);
    await seed(project, requireApp(project), requireEngine(project), new Steps(options.json ?? false));
  });
  command('destroy', 'delete the deployed stacks; the engine goes on').action(async (options: Common) => {
    const project = findProject(options);
    const { cdk } = requireApp(project);
    const engine = requireEngine(project);
    const env = towardsEngine(engine.endpoint);
    await exclusively(project, () =>
      new Steps(options.json ?? false).step('destroy', () =>
        runCommand(`npx --no-install cdklocal destroy --all --force ${assembly(project)}`, {
          cwd: join(project.root, cdk),
          env,
          what: 'Deleting the stacks',
        }),
      ),
    );
  });
  command('deploy-aws', 'deploy the same app to AWS, with plain `cdk deploy`')
    .allowUnknownOption()
    .argument('[arguments...]', 'handed on to cdk')
    .action(async (more: string[], options: Common) => {
      const project = findProject(options);
      const configuration = requireApp(project);
      const steps = new Steps(options.json ?? false);
      await build(project, configuration, steps);
      await steps.step('cdk deploy', () =>
        runCommand(['npx --no-install cdk deploy --all --require-approval never', ...more].join(' '), {
          cwd: join(project.root, configuration.cdk),
          env: towardsAws(),
          what: 'The deployment to AWS',
        }),
      );
    });
  command('down', 'stop the engine; the data stays').action(async (options: Common) => {
    const stopped = await stopEngine(findProject(options));
    print(
      options.json
        ? JSON.stringify({ stopped })
        : stopped
          ? 'The engine has stopped; its data is kept.'
          : 'No engine was running.',
    );
  });
  command('reset', 'stop the engine and forget all of its data').action(async (options: Common) => {
    const project = findProject(options);
    const stopped = await stopEngine(project);
    await forget(project);
    print(options.json ? JSON.stringify({ stopped, reset: true }) : 'All data is forgotten.');
  });
  command('status', 'say whether the engine runs, and how it is').action(async (options: Common) => {
    const project = findProject(options);
    const engine = runningEngine(project);
    const status =
      engine &&
      ((await (await fetch(`${engine.endpoint}/_tierkit/status`)).json()) as {
        uptimeSeconds: number;
        memoryBytes: number;
        pid: number;
      });
    if (options.json) print(JSON.stringify(status ? { running: true, ...status } : { running: false }));
    else if (status && engine) {
      print(
        `Running since ${status.uptimeSeconds} s: process ${status.pid}, ${Math.round(status.memoryBytes / 1e6)} MB\n${formatUrls(await fetchUrls(engine), project)}`,
      );
    } else print('Not running.');
    if (!engine) process.exitCode = 1;
  });
  command('urls', 'say where each API, site and database answers').action(async (options: Common) => {
    const project = findProject(options);
    const urls = await fetchUrls(requireEngine(project));
    print(options.json ? JSON.stringify(urls) : formatUrls(urls, project));
  });
  command('logs', 'show what happened: requests, function logs, the engine’s own words')
    .option('-f, --follow', 'go on as more happens')
    .action((options: Common & { follow?: boolean }) =>
      printLogs(requireEngine(findProject(options)), {
        follow: options.follow ?? false,
        json: options.json ?? false,
      }),
    );
  command('explain', 'say why a request was refused or allowed, and which statement is missing')
    .argument('[request id]', 'as AWS’s clients see it (x-amzn-RequestId); the last refusals, without one')
    .addHelpText('after', EXPLAIN)
    .action(async (id: string | undefined, options: Common) => {
      const engine = requireEngine(findProject(options));
      if (id === undefined) {
        const refusals = await fetchRefusals(engine);
        print(options.json ? JSON.stringify(refusals) : formatRefusals(refusals, engine.iam));
        return;
      }
      const explained = await fetchExplained(engine, id);
      print(options.json ? JSON.stringify(explained) : formatExplained(explained));
    });
  command('access', 'show what roles used and never used, and the smallest policy that would have sufficed')
    .option('--role <name>', 'one role or user, by its name, a part of it or its ARN')
    .option('--forget', 'begin to count anew, e.g. before a test run')
    .action(async (options: Common & { role?: string; forget?: boolean }) => {
      const engine = requireEngine(findProject(options));
      if (options.forget) {
        await forgetUses(engine);
        print(options.json ? JSON.stringify({ forgotten: true }) : 'Counting begins anew.');
        return;
      }
      const access = await fetchAccess(engine, options.role);
      print(options.json ? JSON.stringify(access) : formatAccess(access, options.role !== undefined));
    });
  command('env', 'print the exports that turn cdk, aws and the SDKs to the engine').action(
    (options: Common) => {
      const engine = runningEngine(findProject(options));
      const endpoint = engine?.endpoint ?? `http://127.0.0.1:${DEFAULT_PORT}`;
      print(exportLines(endpoint));
    },
  );
  command('connect', 'print the connection string of a Postgres instance, with its password')
    .argument('[instance]')
    .action(async (instance: string | undefined, options: Common) =>
      print(await connectionString(requireEngine(findProject(options)), instance)),
    );
  return program;
}

async function start(options: StartOptions): Promise<void> {
  const project = findProject(options);
  const running = runningEngine(project);
  if (running)
    throw new CliError(
      `An engine already runs for ${project.root}: ${running.endpoint} (process ${running.pid}).`,
    );
  const engineOptions = {
    port: options.port,
    ephemeral: options.ephemeral ?? false,
    ...(options.lambdaExecutor ? { lambdaExecutor: options.lambdaExecutor } : {}),
    ...(options.iam ? { iam: options.iam } : {}),
    ...(options.jwks ? { jwks: options.jwks } : {}),
  };
  if (options.detach) {
    const card = await detachEngine(project, engineOptions);
    print(options.json ? JSON.stringify(card) : `Ready: ${card.endpoint} (process ${card.pid})`);
    return;
  }
  const { cloud, card, stop, stopped } = await runEngine(project, engineOptions);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
  if (options.asDaemon) process.send?.(card);
  else {
    print(options.json ? JSON.stringify(card) : `Ready. ${card.endpoint}`);
    const printLater = batched(print);
    cloud.events.subscribe((event) => {
      const text = options.json ? JSON.stringify(event) : formatEvent(event);
      if (text !== undefined) printLater(text);
    });
  }
  await stopped;
  process.exit(0);
}

async function forget(project: Project): Promise<void> {
  const { forgetState } = await import('../cloud/forget');
  await forgetState(project.state);
  rmSync(join(project.home, 'engine.log'), { force: true });
}

/** The CLI: the only room that reads arguments. */
export async function main(args: string[]): Promise<void> {
  try {
    await define().parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    // A pipe takes long texts in pieces: the end must not cut them off.
    await new Promise<void>((written) => process.stderr.write(`${error.message}\n`, () => written()));
    process.exit(error.exitCode);
  }
}
