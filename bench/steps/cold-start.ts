import {
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { clientOptions } from '../clients';
import { getPage } from '../load/http';
import type { Deployment } from './deploy';

/** Milliseconds of one request on a connection of its own. */
export async function timeRequest(url: string): Promise<number> {
  const started = performance.now();
  await getPage(url);
  return performance.now() - started;
}

/** Each update ends the function's environments: the next request starts a new one. */
export async function coldStarts(endpoint: string, deployed: Deployment, count: number): Promise<number[]> {
  const client = new LambdaClient(clientOptions(endpoint));
  const found: number[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const FunctionName = deployed.functionName;
      await client.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName,
          Environment: { Variables: { TABLE_NAME: deployed.table, ROUND: String(i) } },
        }),
      );
      await waitUntilFunctionUpdatedV2(
        { client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
        { FunctionName },
      );
      found.push(await timeRequest(deployed.apiUrl));
    }
  } finally {
    client.destroy();
  }
  return found;
}
