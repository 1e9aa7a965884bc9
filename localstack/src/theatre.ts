import { join } from 'node:path';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { towardsEngine } from '../../engine/src/cli/environment';
import { CliError } from '../../engine/src/cli/errors';
import { runCommand } from '../../engine/src/cli/steps';
import { copyAssembly, stacksOf } from './assembly';
import { type Capabilities, capabilitiesOf } from './capabilities';
import { playCustomResources } from './custom-resources';
import { attachDatabase, databasesOf } from './database';
import type { FrontSettings } from './distribution';
import { Front } from './front';
import { type Missing, missingOn } from './missing';
import { Records } from './records';
import { type Reduced, type Reduction, reduce } from './reduce';
import { type DeployedStack, Stacks } from './stack';
import { standIns } from './stand-ins';
import { clientConfig, type Surroundings, silent, type Teller } from './surroundings';
import type { Template } from './template';
import { Values } from './values';
import { LocalStackWorld } from './world';

/** The repository, and what its package.json says of building and seeding. */
const root = join(__dirname, '..', '..');
export const STACK = 'Theatre';

export interface Released {
  /** The stack's outputs. */
  outputs: Record<string, string>;
  /** Where the API's stage answers. Without a slash at its end. */
  apiUrl: string;
  /** What was taken out of the template; empty on a paid edition. */
  reductions: readonly Reduction[];
  capabilities: Capabilities;
  missing: readonly Missing[];
  /** What the front needs; undefined where LocalStack has CloudFront itself. */
  front: FrontSettings | undefined;
}

export interface Deployed extends Released {
  /** The front's address: the site, and the API below /api. Without a slash at its end. */
  siteUrl: string;
  /** Stops the front. The containers are the caller's. */
  stop(): Promise<void>;
}

/**
 * Deploys the app to containers that run, seeds it and starts the front in this process, on a free port: all that
 * `up` does once the containers are there.
 */
export async function deployTheatre(around: Surroundings, tell: Teller = silent): Promise<Deployed> {
  const released = await release(around, tell);
  await seed(around, tell);
  const front = released.front && (await Front.start(released.front));
  const siteUrl = front?.url ?? released.outputs.SiteUrl ?? '';
  return { ...released, siteUrl, stop: async () => front?.stop() };
}

/** Synthesis, reduction, bootstrap, `cdklocal deploy`, and what LocalStack leaves undone after it. */
export async function release(around: Surroundings, tell: Teller = silent): Promise<Released> {
  const { home } = around;
  // Of a name, clients make another for each bucket.
  const endpoint = around.endpoint.replace('//localhost:', '//127.0.0.1:').replace(/\/$/, '');
  const capabilities = await tell.step(
    'capabilities',
    () => capabilitiesOf(endpoint),
    ({ edition, version }) => `LocalStack ${version}, ${edition}`,
  );
  await tell.step('build', () => npm('run build -w @tierkit/web', 'The build'));
  const synthesised = join(home, 'cdk.out');
  await tell.step('synth', () =>
    cdk('cdk', `synth --quiet --output "${synthesised}"`, endpoint, 'The synthesis'),
  );
  const { template, file } = theatreOf(synthesised);
  const standIn = standIns(around);
  const reduced = reduce(template, capabilities.has, standIn);
  const assembly = join(home, 'cdk.reduced');
  await tell.step(
    'reduce',
    async () => copyAssembly(synthesised, assembly, file, reduced),
    () => `${reduced.reductions.length} of ${Object.keys(template.Resources).length} resources`,
  );
  for (const { resourceType, logicalId, why } of reduced.reductions) {
    tell.note?.(`− ${resourceType} ${logicalId}: ${why}`);
  }
  await bootstrap(endpoint, assembly, tell);
  const stack = await deploy(endpoint, assembly, tell);
  const values = new Values(template, reduced.removed, stack, standIn);
  const afresh = await tell.step(
    'databases',
    () => attach(around, reduced, stack),
    (made) => (made ? 'made' : undefined),
  );
  await tell.step(
    'custom resources',
    () => custom(endpoint, template, reduced, stack, values, afresh),
    (played) => played.join(', ') || 'unchanged',
  );
  return {
    outputs: stack.outputs,
    apiUrl: apiUrl(endpoint, stack.outputs),
    reductions: reduced.reductions,
    capabilities,
    missing: missingOn(capabilities),
    front: frontSettings(endpoint, reduced, values),
  };
}

export async function seed(
  { endpoint }: Pick<Surroundings, 'endpoint'>,
  tell: Teller = silent,
): Promise<void> {
  await tell.step(
    'seed',
    () => npm('run seed --silent -w @tierkit/app', 'Seeding', towardsEngine(endpoint)),
    (output) => output.trim().split('\n').at(-1),
  );
}

function theatreOf(assembly: string) {
  const [stack, ...others] = stacksOf(assembly);
  if (!stack || others.length > 0 || stack.name !== STACK) {
    throw new Error(
      `The app is one stack, ${STACK}; it has become ${[stack, ...others].map((one) => one?.name)}`,
    );
  }
  return stack;
}

/** CDK's own stack of buckets and roles, where it is not there or too old. */
async function bootstrap(endpoint: string, assembly: string, tell: Teller): Promise<void> {
  const client = new SSMClient(clientConfig(endpoint));
  try {
    const Name = '/cdk-bootstrap/hnb659fds/version';
    const { Parameter } = await client.send(new GetParameterCommand({ Name }));
    if (Number(Parameter?.Value) >= 8) return;
  } catch {
    // It is not there.
  } finally {
    client.destroy();
  }
  const at = 'aws://000000000000/us-east-1';
  await tell.step('bootstrap', () =>
    cdk('cdklocal', `bootstrap ${at} --app "${assembly}"`, endpoint, 'Bootstrapping CDK'),
  );
}

async function deploy(endpoint: string, assembly: string, tell: Teller): Promise<DeployedStack> {
  const stacks = new Stacks(endpoint);
  try {
    const inTheWay = await stacks.makeWay(STACK);
    const options = `--all --require-approval never --progress events --app "${assembly}"`;
    await tell.step(
      'deploy',
      () =>
        cdk('cdklocal', `deploy ${options}`, endpoint, 'The deployment').catch(async (error: unknown) => {
          const failures = await stacks.failures(STACK);
          if (failures.length === 0 || !(error instanceof CliError)) throw error;
          throw new CliError(`${error.message}\n\n${failures.join('\n')}`);
        }),
      () => (inTheWay ? 'after what an earlier one had left half-way' : undefined),
    );
    const stack = await stacks.deployed(STACK);
    if (!stack) throw new Error(`The stack ${STACK} was deployed, but is not there`);
    return stack;
  } finally {
    stacks.close();
  }
}

async function attach(around: Surroundings, { removed }: Reduced, stack: DeployedStack): Promise<boolean> {
  let made = false;
  for (const wanted of databasesOf(removed)) {
    const arn = stack.resources.get(wanted.secretId);
    if (!arn) throw new Error(`The secret ${wanted.secretId} was not deployed`);
    made = (await attachDatabase(around, wanted, arn)) || made;
  }
  return made;
}

async function custom(
  endpoint: string,
  template: Template,
  { removed }: Reduced,
  stack: DeployedStack,
  values: Values,
  afresh: boolean,
): Promise<string[]> {
  const world = new LocalStackWorld(endpoint);
  const records = new Records(endpoint, stack.name);
  try {
    return await playCustomResources({ template, removed, stack, values, world, records, afresh });
  } finally {
    records.close();
    world.close();
  }
}

function frontSettings(endpoint: string, { removed }: Reduced, values: Values): FrontSettings | undefined {
  const of = (type: string) => Object.entries(removed).filter(([, { Type }]) => Type === type);
  const [id, distribution] = of('AWS::CloudFront::Distribution')[0] ?? [];
  if (!id || !distribution) return undefined;
  const accessControls = of('AWS::CloudFront::OriginAccessControl').map(([name, { Properties }]) => [
    name,
    values.of(Properties?.OriginAccessControlConfig),
  ]);
  const config = values.of(distribution.Properties?.DistributionConfig);
  return { endpoint, id, config, accessControls: Object.fromEntries(accessControls) };
}

/** LocalStack answers for an API at this path without any name that DNS would have to know. */
export function apiUrl(endpoint: string, { ApiId, ApiUrl }: Record<string, string>): string {
  const stage = new URL(ApiUrl ?? '').pathname.replace(/\/$/, '');
  return `${endpoint}/_aws/execute-api/${ApiId}${stage}`;
}

function npm(command: string, what: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return runCommand(`npm ${command}`, { cwd: root, env, what });
}

export function cdk(
  tool: 'cdk' | 'cdklocal',
  command: string,
  endpoint: string,
  what: string,
): Promise<string> {
  const env = towardsEngine(endpoint);
  return runCommand(`npx --no-install ${tool} ${command}`, { cwd: join(root, 'infra'), env, what });
}
