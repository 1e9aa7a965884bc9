import { Agent } from 'node:http';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientOptions } from '../clients';
import type { Samples } from '../figures';
import { getPage, type Sent } from '../load/http';
import { quantile } from '../statistics';
import type { Deployment } from './deploy';
import type { Amount } from './requests';

/** Of its requests, those that are left out: the first ones warm the way up. */
const WARM_UP = 0.1;

/**
 * What an API costs beside the function behind it: one client asks the API and Lambda itself in turn, for the same
 * work, so that a slow second of the machine meets both.
 */
export async function addedByGateway(
  samples: Samples,
  endpoint: string,
  { apiUrl, functionName }: Deployment,
  { requests, seconds }: Amount,
): Promise<void> {
  await samples.attempt(['gatewayAdds'], async () => {
    const invocation = await signedInvocation(endpoint, functionName);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const direct: number[] = [];
    const throughApi: number[] = [];
    const end = performance.now() + seconds * 1000;
    try {
      for (let i = 0; i < requests && performance.now() < end; i++) {
        direct.push(await millis(() => getPage(invocation.url, agent, invocation.sent)));
        throughApi.push(await millis(() => getPage(apiUrl, agent)));
      }
    } finally {
      agent.destroy();
    }
    const typical = (found: number[]) => quantile(found.slice(Math.floor(found.length * WARM_UP)), 0.5);
    samples.add('gatewayAdds', typical(throughApi) - typical(direct));
  });
}

async function millis(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The request that the SDK makes of an Invoke, signed once: making it anew each time would cost more than the answer. */
async function signedInvocation(
  endpoint: string,
  FunctionName: string,
): Promise<{ url: string; sent: Sent }> {
  const client = new LambdaClient(clientOptions(endpoint));
  const body = JSON.stringify({ pathParameters: { id: '1' } });
  let made: { url: string; sent: Sent } | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const { method, path, headers } = args.request as {
        method: string;
        path: string;
        headers: Record<string, string>;
      };
      made = { url: `${endpoint}${path}`, sent: { method, headers, body } };
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  try {
    await client.send(new InvokeCommand({ FunctionName, Payload: body }));
  } finally {
    client.destroy();
  }
  if (!made) throw new Error('the SDK has made no request');
  return made;
}
