import { Agent } from 'node:http';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { statusOf } from './http';
import type { Job, JobResult } from './job';

/** A process of its own, so that making load and serving it do not share an event loop. */
async function main(job: Job): Promise<JobResult> {
  const { hostname } = new URL(job.url);
  if (hostname !== '127.0.0.1') throw new Error(`only this machine is ever loaded, not ${hostname}`);
  const request = job.kind === 'http' ? pageRequest(job) : itemRequest(job);
  await repeat(request, { ...job, requests: job.warmUp });
  return repeat(request, job);
}

/** Makes one request; false where it was refused as the job expects. */
type Request = () => Promise<boolean>;

function pageRequest({ url, clients, refusal }: Job): Request {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  return async () => {
    const status = await statusOf(url, agent);
    if (status !== 200 && status !== refusal) throw new Error(`status ${status}`);
    return status === 200;
  };
}

function itemRequest({ url, table }: Job): Request {
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return async () => {
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { id: { S: '1' } } }));
    if (!Item) throw new Error('the item is not there');
    return true;
  };
}

async function repeat(request: Request, job: Job): Promise<JobResult> {
  const latencies: number[] = [];
  let refusals = 0;
  let failures = 0;
  let firstFailure: string | undefined;
  let left = job.requests;
  const started = performance.now();
  const end = started + job.seconds * 1000;
  const client = async () => {
    while (left-- > 0 && performance.now() < end) {
      const before = performance.now();
      try {
        if (await request()) latencies.push(performance.now() - before);
        else refusals++;
      } catch (error) {
        failures++;
        firstFailure ??= String(error);
      }
    }
  };
  await Promise.all(Array.from({ length: job.clients }, client));
  const seconds = (performance.now() - started) / 1000;
  return { latencies, seconds, refusals, failures, ...(firstFailure === undefined ? {} : { firstFailure }) };
}

main(JSON.parse(process.argv[2] ?? '{}') as Job).then(
  (result) => process.stdout.write(JSON.stringify(result), () => process.exit(0)),
  (error) => {
    process.stderr.write(`${error}\n`);
    process.exit(1);
  },
);
