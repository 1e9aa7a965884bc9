import type { FunctionSpec, InvocationResult } from '../../functions';
import { isAwsError } from '../../kernel';
import {
  flagsOf,
  formatTraceHeader,
  newSegmentId,
  newTraceId,
  parseTraceHeader,
  Reservoir,
  type SegmentDocument,
  seconds,
  segmentDelivery,
} from '../../observe/tracing';
import type { Place } from './place';
import type { FunctionVersion } from './store';

// https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html

/** What runs, and how it was called. */
export interface Traceable {
  version: FunctionVersion;
  /** As the caller named it. */
  arn: string;
  requestId: string;
  /** As it came. */
  header: string | undefined;
}

/** Which attempt at an accepted event this is, and since when the event waits. */
export interface Attempt {
  number: number;
  acceptedAt: number;
}

/** A header that says all that a function needs, and whether Lambda records this invocation. */
interface Begun {
  root: string;
  parent: string | undefined;
  sampled: boolean;
  recorded: boolean;
}

/**
 * A caller's decision holds. Without one, a function that is traced actively is recorded once a second, and every
 * twentieth time besides; nobody can change that.
 */
function begin({ version, header }: Traceable, place: Place): Begun {
  const given = parseTraceHeader(header);
  const active = version.tracingMode === 'Active';
  const sampled = given?.sampled ?? (active && reservoirOf(version, place).take(place.host));
  // A function that is not only hands on what it was given.
  return {
    root: given?.root ?? newTraceId(place.host),
    parent: given?.parent,
    sampled,
    recorded: active && sampled,
  };
}

function reservoirOf({ functionName }: FunctionVersion, { host, account, region }: Place): Reservoir {
  const all = host.memo('lambda:reservoirs', () => new Map<string, Reservoir>());
  const key = `${account}/${region}/${functionName}`;
  let reservoir = all.get(key);
  if (!reservoir) {
    reservoir = new Reservoir(1, 0.05);
    all.set(key, reservoir);
  }
  return reservoir;
}

/** An event is accepted: the rest of its trace hangs on this. Gives the header that goes with it. */
export function traceAccepted(what: Traceable, place: Place): string | undefined {
  if (what.version.tracingMode !== 'Active') return what.header;
  const { root, parent, sampled, recorded } = begin(what, place);
  const id = newSegmentId(place.host);
  const now = place.host.clock.millis();
  if (recorded)
    send(what, place, serviceSegment(what, { id, root, parent, start: now, end: now, status: 202 }));
  return formatTraceHeader({ root, parent: recorded ? id : parent, sampled });
}

/** Runs an invocation with its header, and records how it went. */
export async function traced(
  what: Traceable,
  place: Place,
  spec: FunctionSpec,
  run: (header: string) => Promise<InvocationResult>,
  attempt?: Attempt,
): Promise<InvocationResult> {
  const { root, parent, sampled, recorded } = begin(what, place);
  const { host } = place;
  const own = newSegmentId(host);
  // What the function tells of itself is a part of its invocation.
  const header = formatTraceHeader({ root, parent: recorded ? own : (parent ?? own), sampled });
  if (!recorded) return run(header);
  const id = newSegmentId(host);
  const start = host.clock.millis();
  const tell = (status: number, result?: InvocationResult) => {
    const end = Math.max(host.clock.millis(), result ? endOf(result) : 0);
    const took = { id, root, parent, start, end, status, failed: result?.functionError };
    send(
      what,
      place,
      ...(attempt ? attemptSegments(took, attempt, host) : [serviceSegment(what, took)]),
      ...(result
        ? [functionSegment(spec, { id: newSegmentId(host), root, parent: id, invocation: own }, result, host)]
        : []),
    );
  };
  try {
    const result = await run(header);
    tell(200, result);
    return result;
  } catch (error) {
    tell(isAwsError(error) ? (error.status ?? 500) : 500);
    throw error;
  }
}

const endOf = ({ timing: { duration, overhead, startedAt } }: InvocationResult): number =>
  startedAt + duration + overhead;

/** With the role's permissions: without xray:PutTraceSegments there are no segments. */
function send({ version }: Traceable, place: Place, ...documents: readonly SegmentDocument[]): void {
  const { host, account, region } = place;
  const as = host.parts.identity.roleSession(version.role, version.roleId, version.functionName);
  segmentDelivery(host).add({ account, region, as }, ...documents);
}

interface Took {
  id: string;
  root: string;
  parent: string | undefined;
  /** Milliseconds. */
  start: number;
  end: number;
  status: number;
  failed?: string | undefined;
}

/** What Lambda did with the request. */
function serviceSegment({ arn, requestId, version }: Traceable, took: Took): SegmentDocument {
  return {
    id: took.id,
    name: version.functionName,
    start_time: seconds(took.start),
    trace_id: took.root,
    end_time: seconds(took.end),
    ...(took.parent === undefined ? {} : { parent_id: took.parent }),
    ...(took.failed ? { fault: true } : flagsOf(took.status)),
    http: { response: { status: took.status } },
    aws: { request_id: requestId },
    origin: 'AWS::Lambda',
    resource_arn: arn,
  };
}

/** How long the event waited, and the attempt: parts of the segment of its acceptance. */
function attemptSegments(took: Took, attempt: Attempt, host: Place['host']): SegmentDocument[] {
  const part = (id: string, name: string, start: number, end: number): SegmentDocument => ({
    id,
    name,
    start_time: seconds(start),
    trace_id: took.root,
    end_time: seconds(end),
    type: 'subsegment',
    ...(took.parent === undefined ? {} : { parent_id: took.parent }),
  });
  return [
    ...(attempt.number === 1 ? [part(newSegmentId(host), 'Dwell Time', attempt.acceptedAt, took.start)] : []),
    {
      ...part(took.id, `Attempt #${attempt.number}`, took.start, took.end),
      ...(took.failed ? { fault: true } : flagsOf(took.status)),
      http: { response: { status: took.status } },
    },
  ];
}

/** What the function did. */
function functionSegment(
  spec: FunctionSpec,
  ids: { id: string; root: string; parent: string; invocation: string },
  { functionError, payload, timing }: InvocationResult,
  host: Place['host'],
): SegmentDocument {
  const { account, functionName, region } = spec;
  const functionArn = `arn:aws:lambda:${region}:${account}:function:${functionName}`;
  const aws = { function_arn: functionArn };
  const part = (id: string, name: string, start: number, duration: number): SegmentDocument => ({
    id,
    name,
    start_time: seconds(start),
    end_time: seconds(start + duration),
    aws,
  });
  const { duration, init, overhead, startedAt } = timing;
  const failure: Partial<SegmentDocument> = functionError
    ? { fault: true, cause: { exceptions: [{ id: newSegmentId(host), ...exceptionIn(payload) }] } }
    : {};
  return {
    id: ids.id,
    name: functionName,
    start_time: seconds(startedAt),
    trace_id: ids.root,
    end_time: seconds(startedAt + duration + overhead),
    parent_id: ids.parent,
    ...failure,
    aws: { account_id: account, function_arn: functionArn, resource_names: [functionName] },
    origin: 'AWS::Lambda::Function',
    subsegments: [
      ...(init ? [part(newSegmentId(host), 'Initialization', init.startedAt, init.duration)] : []),
      { ...part(ids.invocation, 'Invocation', startedAt, duration), ...failure },
      part(newSegmentId(host), 'Overhead', startedAt + duration, overhead),
    ],
  };
}

function exceptionIn(payload: Uint8Array): { message?: string; type?: string } {
  try {
    const error: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    if (typeof error !== 'object' || error === null) return {};
    const [message, type] = [Reflect.get(error, 'errorMessage'), Reflect.get(error, 'errorType')];
    return {
      ...(typeof message === 'string' ? { message } : {}),
      ...(typeof type === 'string' ? { type } : {}),
    };
  } catch {
    return {};
  }
}
