import { createHash } from 'node:crypto';
import type { SegmentDocument } from '../../observe/tracing';
import { allParts } from './traces';

/** Names of nodes where they are not `AWS::` and the service's name. */
const ORIGINS: Readonly<Record<string, string>> = {
  DynamoDB: 'AWS::DynamoDB::Table',
  S3: 'AWS::S3::Bucket',
  SQS: 'AWS::SQS::Queue',
};

/**
 * Segments of what was called and told nothing itself.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-subsegments
 */
export function inferredSegments(segments: readonly SegmentDocument[], traceId: string): SegmentDocument[] {
  const told = new Set(segments.map(({ parent_id }) => parent_id));
  const inferred: SegmentDocument[] = [];
  for (const part of allParts(segments)) {
    const { namespace } = part;
    if ((namespace !== 'aws' && namespace !== 'remote') || told.has(part.id)) continue;
    // Who was called is traced, and will tell.
    if (part.http?.request?.traced) continue;
    inferred.push(inferredFrom(part, traceId));
  }
  return inferred;
}

function inferredFrom(part: SegmentDocument, traceId: string): SegmentDocument {
  const { aws, end_time, error, fault, http, in_progress, name, namespace, start_time, throttle } = part;
  return {
    // The same whenever it is asked for.
    id: createHash('sha256').update(`${traceId} ${part.id}`).digest('hex').slice(0, 16),
    name,
    start_time,
    trace_id: traceId,
    ...(end_time === undefined ? {} : { end_time }),
    ...(in_progress ? { in_progress } : {}),
    parent_id: part.id,
    inferred: true,
    ...(fault ? { fault } : {}),
    ...(error ? { error } : {}),
    ...(throttle ? { throttle } : {}),
    ...(http ? { http } : {}),
    ...(aws ? { aws } : {}),
    origin: namespace === 'aws' ? (ORIGINS[name] ?? `AWS::${name}`) : 'remote',
  };
}
