import type { InvocationResult } from '../../functions';
import { type Call, type Host, isAwsError, type ServiceStores } from '../../kernel';
import { unreservedConcurrency } from './concurrency';
import { tellDestination } from './destinations';
import { KMS_PROBLEMS } from './environment';
import { chooseVersion, findVersion, functionArn, type Resolved } from './names';
import { type Place, placeOf } from './place';
import { specFor } from './spec';
import { lambdaStore, type QueuedEvent } from './store';
import { traceAccepted, traced } from './tracing';

// Asynchronous invocation: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html

const MAX_AGE_SECONDS = 21_600;
const RETRIES = 2;
/** Before the second and the third attempt. */
const RETRY_DELAYS = [60_000, 120_000];
/** When the function is throttled: from 1 second, doubling, to 5 minutes. */
const THROTTLE_FIRST = 1_000;
const THROTTLE_LAST = 300_000;

/** Takes an event: from here on it survives the engine. */
export function acceptEvent(found: Resolved, payload: Uint8Array, call: Call): void {
  const place = placeOf(call);
  const what = { version: found.version, arn: found.arn, requestId: call.requestId, header: call.trace };
  const trace = traceAccepted(what, place);
  const event: QueuedEvent = {
    functionName: found.version.functionName,
    qualifier: found.alias?.name ?? found.version.version,
    requestId: call.requestId,
    payload,
    ...(trace ? { trace } : {}),
    acceptedAt: call.clock.millis(),
    attempts: 0,
  };
  place.store.queue.put(event.requestId, event);
  setImmediate(() => void attempt(place, event, THROTTLE_FIRST));
}

/** Goes on with what was accepted before the engine stopped. */
export function resumeEvents(host: Host, stores: ServiceStores): void {
  for (const { account, region } of stores.scopes()) {
    if (region === '-') continue;
    const place: Place = { store: lambdaStore(stores.of(account, region)), host, account, region };
    for (const event of [...place.store.queue.values()]) {
      setImmediate(() => void attempt(place, event, THROTTLE_FIRST));
    }
  }
}

async function attempt(place: Place, event: QueuedEvent, throttleDelay: number): Promise<void> {
  const { host } = place;
  // The engine stops: the event is kept, and goes on when it starts again.
  if (host.memo('lambda:async', () => ({ stopped: false })).stopped) return;
  try {
    await work(place, event, throttleDelay);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `an event for ${event.functionName} could not be run: ${why}`;
    host.parts.events.emit({ type: 'engine', at: host.clock.millis(), level: 'error', message });
  }
}

async function work(place: Place, event: QueuedEvent, throttleDelay: number): Promise<void> {
  const { store } = place;
  const target = findVersion(store, { name: event.functionName, qualifier: event.qualifier });
  const record = store.functions.get(event.functionName);
  if (!target || !record) {
    // Deleted meanwhile: there is nobody left to run it.
    store.queue.remove(event.requestId);
    return;
  }
  if (record.reservedConcurrency === 0) return tellDestination(place, event, 'ZeroReservedConcurrency');
  const tried = { ...event, attempts: event.attempts + 1 };
  let result: InvocationResult;
  try {
    const version = chooseVersion(target, place);
    const spec = specFor(version, record, place);
    const { acceptedAt, requestId } = event;
    const invokedArn = functionArn(place, event.functionName, event.qualifier);
    result = await traced(
      { version, arn: invokedArn, requestId, header: event.trace },
      place,
      spec,
      (traceHeader) =>
        place.host.parts.functions.invoke(spec, event.payload, {
          requestId,
          invokedArn,
          unreservedConcurrency: unreservedConcurrency(place),
          traceHeader,
        }),
      { number: tried.attempts, acceptedAt },
    );
  } catch (error) {
    if (!isAwsError(error, 'TooManyRequestsException', ...KMS_PROBLEMS)) throw error;
    return again(place, event, throttleDelay, Math.min(throttleDelay * 2, THROTTLE_LAST));
  }
  if (!result.functionError) return tellDestination(place, tried, 'Success', result);
  const retries = configOf(place, event)?.maximumRetryAttempts ?? RETRIES;
  if (tried.attempts > retries) return tellDestination(place, tried, 'RetriesExhausted', result);
  return again(place, tried, RETRY_DELAYS[tried.attempts - 1]!, THROTTLE_FIRST, result);
}

/** Tries later, if the event is still young enough then. */
async function again(
  place: Place,
  event: QueuedEvent,
  delay: number,
  throttleDelay: number,
  result?: InvocationResult,
): Promise<void> {
  const maxAge = (configOf(place, event)?.maximumEventAge ?? MAX_AGE_SECONDS) * 1000;
  const { clock } = place.host;
  if (clock.millis() + delay - event.acceptedAt > maxAge) {
    return tellDestination(place, event, 'EventAgeExceeded', result);
  }
  place.store.queue.put(event.requestId, event);
  clock.after(delay, () => void attempt(place, event, throttleDelay));
}

function configOf(place: Place, event: QueuedEvent) {
  return place.store.eventInvokeConfigs.get([event.functionName, event.qualifier]);
}
