import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { aws } from '../targets/aws';
import { EXIT } from '../targets/target';
import { type FakeAws, fakeAws } from './fake-aws';

const ACCOUNT = '000000000000';
const MINUTES = 60_000;
const saved = { ...process.env };
let fake: FakeAws;

beforeAll(async () => {
  fake = await fakeAws();
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_S3']) delete process.env[name];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: fake.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  });
});

afterAll(async () => {
  process.env = saved;
  await fake.stop();
});

beforeEach(() => {
  fake.calls.length = 0;
  fake.tagged = [];
  fake.onCall = () => undefined;
});

const never = () => new AbortController().signal;
const patience = { seconds: 0, everySeconds: 0 };

/** A target whose words are kept. */
function target(options: Parameters<typeof aws>[0]) {
  const said: string[] = [];
  return { said, ...aws({ say: (text) => said.push(text), patience, ...options }) };
}

const stackNamed = (said: string[]) => /theatre-test-[0-9a-f]{8}/.exec(said.join('\n'))?.[0] ?? 'none';

async function stacks() {
  const { Stacks = [] } = await fake.cloud.client(CloudFormationClient).send(new DescribeStacksCommand({}));
  return Stacks.filter(
    ({ StackName, StackStatus }) =>
      StackName?.startsWith('theatre-test-') && StackStatus !== 'DELETE_COMPLETE',
  );
}

test(
  'says account, region and cost, and without a confirmation calls nothing but GetCallerIdentity',
  async () => {
    const { said, start, stop } = target({ ask: undefined });
    await expect(start(never())).rejects.toMatchObject({
      exitCode: EXIT.refused,
      message: expect.stringContaining(`npm run test:aws -- --yes ${ACCOUNT}`),
    });
    await stop();
    expect([...new Set(fake.calls)]).toEqual(['GetCallerIdentity']);
    const words = said.join('\n');
    expect(words).toContain(`account  ${ACCOUNT} (arn:aws:iam::${ACCOUNT}:root)`);
    expect(words).toContain('region   us-east-1');
    expect(words).toContain(`endpoint ${fake.endpoint}: AWS_ENDPOINT_URL leads there`);
    expect(words).toContain('RDS db.t4g.micro, 20 GB');
    expect(words).toContain('ElastiCache cache.t4g.micro × 1');
    expect(words).toContain('interface endpoint in 2 zones');
    expect(words).toContain('API cache, 0.5 GB');
    expect(words).toMatch(/together \$0\.\d{4} an hour, about \$0\.\d\d for a run/);
    expect(words).not.toContain('not in the table');
  },
  3 * MINUTES,
);

test(
  'deploys under a name and a tag of its own when the account was typed, and destroys all of it',
  async () => {
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      expect([...new Set(fake.calls)]).toEqual(['GetCallerIdentity']);
      return `${ACCOUNT}\n`;
    };
    const { said, start, stop } = target({ ask });
    const deployment = await start(never());
    const name = stackNamed(said);
    expect(questions).toEqual(['Type the account id to go on, anything else to stop: ']);
    expect(deployment.clientConfig).toEqual({ region: 'us-east-1' });
    expect(deployment.siteUrl).toMatch(/^https:\/\/d\w+\.cloudfront\.net$/);
    expect(deployment.apiUrl).toMatch(/^https:\/\/\w{10}\.execute-api\.us-east-1\.amazonaws\.com\/v1$/);
    expect(await stacks()).toMatchObject([
      { StackName: name, Tags: [{ Key: 'tierkit-test-run', Value: name }] },
    ]);

    // As Lambda would for a function that has no log group of its own.
    const logs = fake.cloud.client(CloudWatchLogsClient);
    const logGroupName = `/aws/lambda/${name}-CustomS3AutoDelete`;
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    fake.tagged = ['arn:aws:rds:us-east-1:000000000000:snapshot:forgotten'];
    await expect(stop()).rejects.toThrow(/Still there.*\n {2}arn:aws:rds:us-east-1:.*forgotten/);
    expect(await stacks()).toEqual([]);
    const { logGroups } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: `/aws/lambda/${name}` }),
    );
    expect(logGroups).toEqual([]);
    fake.tagged = [];
    await stop();
    expect(said.at(-1)).toContain('nothing with the run’s tag is left');
  },
  5 * MINUTES,
);

test(
  'destroys what a deployment that was cut off had begun',
  async () => {
    const interruption = new AbortController();
    fake.onCall = (name) => {
      if (name === 'ExecuteChangeSet') setImmediate(() => interruption.abort(new Error('^C')));
    };
    const { said, start, stop } = target({ yes: ACCOUNT });
    await expect(start(interruption.signal)).rejects.toThrow(/deploy .* ended with SIGTERM|ended with 143/s);
    await stop();
    expect(fake.calls).toContain('DeleteStack');
    expect(await stacks()).toEqual([]);
    expect(said.at(-1)).toContain('nothing with the run’s tag is left');
  },
  5 * MINUTES,
);
