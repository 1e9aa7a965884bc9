import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { clientOptions } from '../clients';
import type { Samples } from '../figures';
import { runLoad } from '../load/run';
import { quantile } from '../statistics';

/** How much load, at most. */
export interface Amount {
  requests: number;
  seconds: number;
}

export async function putItem(endpoint: string, table: string, name = 'an item'): Promise<void> {
  const client = new DynamoDBClient(clientOptions(endpoint));
  const Item = { id: { S: '1' }, name: { S: name }, price: { N: '42' } };
  await client.send(new PutItemCommand({ TableName: table, Item }));
  client.destroy();
}

/** Whole requests of an API; of a bare server the same figures are its limit. */
export async function apiRequests(samples: Samples, url: string, amount: Amount): Promise<void> {
  await samples.attempt(['apiP50', 'apiP99', 'apiRate1'], async () => {
    const alone = await runLoad({ kind: 'http', url, clients: 1, warmUp: amount.requests / 10, ...amount });
    samples.add('apiP50', quantile(alone.latencies, 0.5));
    samples.add('apiP99', quantile(alone.latencies, 0.99));
    samples.add('apiRate1', alone.latencies.length / alone.seconds);
  });
  await samples.attempt(['apiRate16'], async () => {
    const many = await runLoad({
      kind: 'http',
      url,
      clients: 16,
      warmUp: amount.requests / 2,
      ...amount,
      requests: amount.requests * 4,
    });
    samples.add('apiRate16', many.latencies.length / many.seconds);
  });
}

export async function getItems(samples: Samples, url: string, table: string, amount: Amount): Promise<void> {
  await samples.attempt(['getItemP50', 'getItemRate16'], async () => {
    const job = { kind: 'get-item', url, table, warmUp: amount.requests / 2, ...amount } as const;
    const alone = await runLoad({ ...job, clients: 1 });
    samples.add('getItemP50', quantile(alone.latencies, 0.5));
    const many = await runLoad({ ...job, clients: 16, requests: amount.requests * 2 });
    samples.add('getItemRate16', many.latencies.length / many.seconds);
  });
}
