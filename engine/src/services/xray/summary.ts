import type { ServiceId, TraceSummary, ValueWithServiceIds } from '@aws-sdk/client-xray';
import type { SegmentDocument } from '../../observe/tracing';
import { round } from './times';
import { allParts, type Trace } from './traces';

/** What a list of traces shows of one. https://docs.aws.amazon.com/xray/latest/api/API_TraceSummary.html */
export function summaryOf(trace: Trace, account: string): TraceSummary {
  const { end, id, partial, root, segments, start } = trace;
  const { request, response } = root.http ?? {};
  const arns = new Set(segments.flatMap(({ resource_arn }) => resource_arn ?? []));
  return {
    Id: id,
    StartTime: new Date(Math.floor(start * 1000)),
    Duration: round(end - start),
    ResponseTime: round((root.end_time ?? root.start_time) - root.start_time),
    HasFault: root.fault === true,
    HasError: root.error === true,
    HasThrottle: root.throttle === true,
    IsPartial: partial,
    Http: {
      HttpURL: request?.url,
      HttpStatus: response?.status,
      HttpMethod: request?.method,
      UserAgent: request?.user_agent,
      ClientIp: request?.client_ip,
    },
    Annotations: annotationsOf(segments, account),
    Users: usersOf(segments, account),
    ServiceIds: distinct(segments.map((segment) => serviceId(segment, account))),
    ResourceARNs: [...arns].map((ARN) => ({ ARN })),
    InstanceIds: [],
    AvailabilityZones: [],
    EntryPoint: serviceId(root, account),
    Revision: 1,
  };
}

/** The node of a segment: https://docs.aws.amazon.com/xray/latest/api/API_ServiceId.html */
export const serviceId = ({ aws, inferred, name, origin }: SegmentDocument, account: string): ServiceId => ({
  Name: name,
  Names: [name],
  // What is only inferred is nobody's.
  ...(inferred ? {} : { AccountId: typeof aws?.account_id === 'string' ? aws.account_id : account }),
  ...(origin === undefined ? {} : { Type: origin }),
});

function distinct(ids: readonly ServiceId[]): ServiceId[] {
  return [...new Map(ids.map((id) => [`${id.Type} ${id.Name}`, id])).values()];
}

function annotationsOf(segments: readonly SegmentDocument[], account: string): TraceSummary['Annotations'] {
  const found = new Map<string, ValueWithServiceIds[]>();
  for (const segment of segments) {
    for (const { annotations } of allParts([segment])) {
      for (const [key, value] of Object.entries(annotations ?? {})) {
        const AnnotationValue = annotationValue(value);
        if (!AnnotationValue) continue;
        const values = found.get(key) ?? [];
        values.push({ AnnotationValue, ServiceIds: [serviceId(segment, account)] });
        found.set(key, values);
      }
    }
  }
  return Object.fromEntries(found);
}

function annotationValue(value: unknown): ValueWithServiceIds['AnnotationValue'] {
  if (typeof value === 'string') return { StringValue: value };
  if (typeof value === 'number') return { NumberValue: value };
  return typeof value === 'boolean' ? { BooleanValue: value } : undefined;
}

function usersOf(segments: readonly SegmentDocument[], account: string): TraceSummary['Users'] {
  const users = new Map<string, ServiceId[]>();
  for (const segment of segments) {
    const { user } = segment;
    if (typeof user !== 'string') continue;
    const ids = users.get(user) ?? [];
    ids.push(serviceId(segment, account));
    users.set(user, ids);
  }
  return [...users].map(([UserName, ServiceIds]) => ({ UserName, ServiceIds }));
}
