import { createInterface } from 'node:readline';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { refused, unavailable } from '../target';

export interface Account {
  id: string;
  /** Who the credentials belong to. */
  arn: string;
  region: string;
  /** Set where AWS_ENDPOINT_URL leads away from AWS. */
  endpoint: string | undefined;
}

/** Whose account the caller's own credentials lead to. The only call that is made without a confirmation. */
export async function callersAccount(env: NodeJS.ProcessEnv): Promise<Account> {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  const client = new STSClient(region ? { region } : {});
  try {
    const { Account: id, Arn: arn } = await client.send(new GetCallerIdentityCommand({}));
    if (!id || !arn) throw new Error('STS gave no account');
    return { id, arn, region: await client.config.region(), endpoint: env.AWS_ENDPOINT_URL };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    if (message === 'Region is missing')
      throw unavailable('target aws: no region is chosen: set AWS_REGION, or choose one in a profile.');
    throw unavailable(
      `target aws: the account could not be found out (${name}: ${message.split('\n')[0]}). Log in first: aws sso login, aws configure, or AWS_PROFILE.`,
    );
  } finally {
    client.destroy();
  }
}

export interface Confirmation {
  /** The account named with --yes or TIERKIT_AWS_YES. */
  yes: string | undefined;
  /** Asks a person; nothing where there is nobody to ask (CI, no terminal). */
  ask: ((question: string) => Promise<string>) | undefined;
}

/** Returns when this account, and no other, was named by whoever started the run. */
export async function confirm({ id }: Account, { yes, ask }: Confirmation): Promise<void> {
  if (yes === id) return;
  if (yes) {
    throw refused(
      `target aws: --yes names the account ${yes}, but the credentials are of ${id}. Nothing was made.`,
    );
  }
  if (!ask) {
    throw refused(
      `target aws: nobody to ask, so nothing was made. To go on in account ${id}: npm run test:aws -- --yes ${id} (or TIERKIT_AWS_YES=${id}).`,
    );
  }
  const typed = (await ask('Type the account id to go on, anything else to stop: ')).trim();
  if (typed !== id) throw refused('target aws: that is not the account id. Nothing was made.');
}

/** How to ask: a person at a terminal, and nobody in CI. */
export function asker(env: NodeJS.ProcessEnv, interrupted: AbortSignal): Confirmation['ask'] {
  if (isSet(env.CI) || !process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return (question) =>
    new Promise((resolve, reject) => {
      // Not as a terminal: that would swallow ^C.
      const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
      const end = () => lines.close();
      interrupted.addEventListener('abort', end);
      lines.question(question, (answer) => {
        resolve(answer);
        lines.close();
      });
      lines.once('close', () => {
        interrupted.removeEventListener('abort', end);
        reject(interrupted.reason ?? refused('target aws: no answer. Nothing was made.'));
      });
    });
}

const isSet = (value: string | undefined) => Boolean(value) && value !== 'false' && value !== '0';
