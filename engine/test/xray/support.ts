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

/** Sends a segment as X-Ray's SDKs do. https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon */
export const SENDS = `const dgram = require('node:dgram');
exports.handler = async ({ count = 1, at = Date.now() / 1000, header = '{"format": "json", "version": 1}' }) => {
  const trace = process.env._X_AMZN_TRACE_ID;
  const [, trace_id, parent_id] = /Root=([^;]+);Parent=([^;]+)/.exec(trace);
  const [address, port] = process.env.AWS_XRAY_DAEMON_ADDRESS.split(':');
  const socket = dgram.createSocket('udp4');
  for (let n = 0; n < count; n++) {
    const part = {
      trace_id, parent_id, id: n.toString(16).padStart(16, '0'), name: '## seats', type: 'subsegment',
      start_time: at + n / 1000, end_time: at + 1, annotations: { seat: 'A' + n },
    };
    await new Promise((done, fail) =>
      socket.send(header + '\\n' + JSON.stringify(part), Number(port), address, (error) => (error ? fail(error) : done())),
    );
  }
  socket.close();
  return trace;
};`;
