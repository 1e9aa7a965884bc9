import type { Writable } from 'node:stream';
import type { InvocationResult } from '../../functions';
import { AwsError, type Call, type Input, type Operation, type Output } from '../../kernel';
import { acceptEvent } from './async';
import { refuseToRun } from './checks';
import { unreservedConcurrency } from './concurrency';
import { tooLarge } from './errors';
import { chooseVersion, type Resolved, resolveFunction } from './names';
import { placeOf } from './place';
import { refuseMembers } from './refused';
import { specFor } from './spec';
import type { FunctionVersion } from './store';
import { traced } from './tracing';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_SYNC = 6_291_456;
const MAX_ASYNC = 1_048_576;

const EMPTY = new TextEncoder().encode('{}');
const NOTHING = new Uint8Array();

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export const invoke: Operation<'lambda', 'Invoke'> = async (input, call) => {
  refuseMembers('Invoke', input, ['TenantId']);
  const found = resolveFunction(input.FunctionName!, call, input.Qualifier);
  const type = input.InvocationType ?? 'RequestResponse';
  const payload = bytesOf(input.Payload);
  checkInvocation(found, payload, type, call);
  if (type === 'DryRun')
    return { StatusCode: 204, ExecutedVersion: found.version.version, Payload: asBlob(NOTHING) };
  if (type === 'Event') {
    acceptEvent(found, payload, call);
    return { StatusCode: 202, Payload: asBlob(NOTHING) };
  }
  const result = await runVersion(found, chooseVersion(found, placeOf(call)), payload, input, call);
  return {
    StatusCode: 200,
    ExecutedVersion: result.executedVersion,
    Payload: asBlob(result.payload),
    ...(result.functionError ? { FunctionError: result.functionError } : {}),
    ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(result.logTail).toString('base64') } : {}),
  };
};

/** What is refused of an invocation before anything runs. */
export function checkInvocation(found: Resolved, payload: Uint8Array, type: string, call: Call): void {
  refuseToRun(found.version, call);
  checkSize(payload, type);
  checkJson(payload);
}

/** Runs the version of a function that was chosen. A streamed response goes to `responseTo`. */
export function runVersion(
  found: Resolved,
  version: FunctionVersion,
  payload: Uint8Array,
  input: Pick<Input<'lambda', 'Invoke'>, 'ClientContext' | 'LogType'>,
  call: Call,
  responseTo?: Writable,
): Promise<InvocationResult> {
  const place = placeOf(call);
  const record = place.store.functions.get(version.functionName)!;
  const spec = specFor(version, record, place);
  const what = { version, arn: found.arn, requestId: call.requestId, header: call.trace };
  return traced(what, place, spec, (traceHeader) =>
    call.parts.functions.invoke(spec, payload, {
      requestId: call.requestId,
      invokedArn: found.arn,
      unreservedConcurrency: unreservedConcurrency(place),
      tail: input.LogType === 'Tail',
      ...(input.ClientContext ? { clientContext: input.ClientContext } : {}),
      traceHeader,
      ...(responseTo ? { responseTo } : {}),
    }),
  );
}

type Payload = NonNullable<Output<'lambda', 'Invoke'>['Payload']>;

/** No payload is an empty event. */
export function bytesOf(payload: Parameters<typeof invoke>[0]['Payload']): Uint8Array {
  if (payload instanceof Uint8Array) return payload.length ? payload : EMPTY;
  if (typeof payload === 'string') return payload ? new TextEncoder().encode(payload) : EMPTY;
  if (payload === undefined) return EMPTY;
  throw new TypeError('a blob is bytes by the time an operation sees it');
}

/** The SDK's outputs dress bytes up with a method; an operation's are plain. */
const asBlob = (bytes: Uint8Array) => bytes as Payload;

function checkSize(payload: Uint8Array, type: string): void {
  if (type === 'Event' && payload.length > MAX_ASYNC) {
    throw tooLarge(
      `${payload.length} byte payload is too large for the Event invocation type (limit ${MAX_ASYNC} bytes)`,
    );
  }
  if (payload.length > MAX_SYNC) {
    throw tooLarge(`Request must be smaller than ${MAX_SYNC} bytes for the InvokeFunction operation`);
  }
}

function checkJson(payload: Uint8Array): void {
  try {
    JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'));
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
      { status: 400, members: { Type: 'User' } },
    );
  }
}
