import { BatchGetTracesCommand, UpdateSamplingRuleCommand, type XRayClient } from '@aws-sdk/client-xray';
import type { SegmentDocument } from '../../src/observe/tracing';

/** Every request is traced, or none. */
export async function sampleAll(xray: XRayClient, all = true): Promise<void> {
  const SamplingRuleUpdate = { RuleName: 'Default', FixedRate: all ? 1 : 0, ReservoirSize: 0 };
  await xray.send(new UpdateSamplingRuleCommand({ SamplingRuleUpdate }));
}

/** The segments of a trace, of which one is read at a time. */
export async function segmentsOf(xray: XRayClient, id: string): Promise<SegmentDocument[]> {
  const { Traces = [] } = await xray.send(new BatchGetTracesCommand({ TraceIds: [id] }));
  return (Traces[0]?.Segments ?? []).map(({ Document = '' }) => JSON.parse(Document) as SegmentDocument);
}

export const byOrigin = (segments: readonly SegmentDocument[], origin: string): SegmentDocument | undefined =>
  segments.find((segment) => segment.origin === origin);

export const rootOf = (header: string | null | undefined): string =>
  /Root=(1-[0-9a-f]{8}-[0-9a-f]{24})/.exec(header ?? '')?.[1] ?? '';
