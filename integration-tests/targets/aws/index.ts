import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { bare } from '../bare';
import { EMBEDDED_ONLY, WITH_SLOW_CHANGES } from '../elsewhere';
import { run } from '../run';
import { outputsOf } from '../stack-outputs';
import type { Deployment, Target } from '../target';
import { estimate, formatEstimate, type Template } from './cost';
import { type Account, asker, type Confirmation, callersAccount, confirm } from './guard';
import { deleteLogGroups, leftovers, type Patience } from './leftovers';
import { deleteStack } from './stack';

const root = join(__dirname, '..', '..', '..');
const infra = join(root, 'infra');
const TAG = 'tierkit-test-run';

export interface AwsOptions extends Partial<Confirmation> {
  say?: (text: string) => void;
  patience?: Patience;
}

/**
 * AWS itself, in the account that the caller's own credentials lead to: only after that account was named, under
 * a stack name and a tag of the run's own, and with nothing left of it at the end.
 */
export function aws(options: AwsOptions = {}): Target {
  const { yes, patience = { seconds: 600, everySeconds: 15 } } = options;
  const say = options.say ?? ((text) => process.stderr.write(`${text}\n`));
  const stackName = `theatre-test-${randomBytes(4).toString('hex')}`;
  const assembly = mkdtempSync(join(tmpdir(), 'theatre-aws-'));
  let account: Account | undefined;
  let deploying = false;

  const cdk = (args: string[], { region }: Account, signal?: AbortSignal) =>
    run(process.execPath, [require.resolve('aws-cdk/bin/cdk'), ...args, '--no-notices'], {
      cwd: infra,
      env: { ...process.env, AWS_REGION: region, AWS_DEFAULT_REGION: region },
      signal,
    });

  async function start(interrupted: AbortSignal): Promise<Deployment> {
    const found = await callersAccount(process.env);
    say(`account  ${found.id} (${found.arn})`);
    say(`region   ${found.region}`);
    if (found.endpoint) say(`endpoint ${found.endpoint}: AWS_ENDPOINT_URL leads there instead of to AWS`);
    say(`stack    ${stackName}, and the tag ${TAG}=${stackName} on all it makes`);

    await run('npm', ['run', '--silent', 'build', '-w', '@tierkit/web'], { cwd: root, signal: interrupted });
    await cdk(['synth', '--quiet', '--output', assembly, '-c', `stackName=${stackName}`], found, interrupted);
    say(formatEstimate(estimate(templatesIn(assembly))));

    await confirm(found, { yes, ask: 'ask' in options ? options.ask : asker(process.env, interrupted) });
    interrupted.throwIfAborted();
    account = found;
    deploying = true;
    say('deploying; the database and the distribution take about 15 minutes');
    const tags = ['--tags', `${TAG}=${stackName}`];
    await cdk(
      ['deploy', '--all', '--app', assembly, '--require-approval', 'never', ...tags],
      found,
      interrupted,
    );
    deploying = false;
    const env = { ...process.env, AWS_REGION: found.region, THEATRE_STACK: stackName };
    await run('npm', ['run', '--silent', 'seed', '-w', '@tierkit/app'], {
      cwd: root,
      env,
      signal: interrupted,
    });

    const clientConfig = { region: found.region };
    const outputs = await outputsOf(stackName, clientConfig);
    const { SiteUrl = '', ApiUrl = '' } = outputs;
    return {
      target: 'aws',
      siteUrl: bare(SiteUrl),
      apiUrl: bare(ApiUrl),
      outputs,
      clientConfig,
      skips: { ...EMBEDDED_ONLY, ...WITH_SLOW_CHANGES },
    };
  }

  async function stop(): Promise<void> {
    rmSync(assembly, { recursive: true, force: true });
    if (!account) return;
    const { region } = account;
    // What a deployment that was cut off had asked for may not be to be seen at once.
    if (deploying) await wait(patience.everySeconds * 1000);
    say(`destroying ${stackName}; a VPC with functions in it takes up to 30 minutes`);
    await deleteStack(region, stackName, patience.everySeconds);
    await deleteLogGroups(region, stackName);
    const left = await leftovers(region, { key: TAG, value: stackName }, patience);
    if (left.length > 0)
      throw new Error(`Still there, with the tag ${TAG}=${stackName}:\n  ${left.join('\n  ')}`);
    say(
      'nothing with the run’s tag is left. The CDK bootstrap stack and the assets in its bucket are yours to keep.',
    );
  }

  return { name: 'aws', start, stop };
}

function templatesIn(assembly: string): Template[] {
  return readdirSync(assembly)
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => JSON.parse(readFileSync(join(assembly, name), 'utf8')) as Template);
}
