import type { InvocationResult } from '../../functions';
import { findVersion, functionArn } from './names';
import type { Place } from './place';
import type { QueuedEvent } from './store';

type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/**
 * An event is over: a record of it goes to its destination, if it has one.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export async function tellDestination(
  place: Place,
  event: QueuedEvent,
  condition: Condition,
  result?: InvocationResult,
): Promise<void> {
  const { store, host, account, region } = place;
  const config = store.eventInvokeConfigs.get([event.functionName, event.qualifier]);
  const destination = condition === 'Success' ? config?.onSuccess : config?.onFailure;
  const target = findVersion(store, { name: event.functionName, qualifier: event.qualifier });
  store.queue.remove(event.requestId);
  if (!destination || !target) return;
  const record = {
    version: '1.0',
    timestamp: host.clock.now().toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: functionArn(place, event.functionName, event.qualifier),
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: json(event.payload),
    ...(result ? response(result) : {}),
  };
  const { version } = target;
  await host.invoke(
    'lambda',
    'Invoke',
    {
      FunctionName: destination,
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(JSON.stringify(record)),
    },
    {
      account,
      region,
      as: host.parts.identity.roleSession(version.role, version.roleId, version.functionName),
    },
  );
}

function response(result: InvocationResult): object {
  return {
    responseContext: {
      statusCode: 200,
      executedVersion: result.executedVersion,
      ...(result.functionError ? { functionError: result.functionError } : {}),
    },
    responsePayload: json(result.payload),
  };
}

function json(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}
