import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  BatchGetTracesCommand,
  GetEncryptionConfigCommand,
  GetGroupsCommand,
  PutTelemetryRecordsCommand,
  PutTraceSegmentsCommand,
  XRayClient,
} from '@aws-sdk/client-xray';
import fc from 'fast-check';
import { ManualClock } from '../../src/kernel/clock';
import { type SegmentDocument, segmentDelivery } from '../../src/observe/tracing';
import { judge } from '../../src/services/xray/segment-rules';
import { startCloud, type TestCloud } from '../../src/testing';
import { segmentsOf } from './support';

// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html

const DAY = 24 * 3600_000;
const clock = new ManualClock(Date.UTC(2026, 0, 1));
let cloud: TestCloud;
let xray: XRayClient;

beforeAll(async () => {
  cloud = await startCloud({ clock });
  xray = cloud.client(XRayClient);
});
afterAll(() => cloud.stop());

const newTrace = (at = clock.millis()) =>
  `1-${Math.floor(at / 1000).toString(16)}-${cloud.host().ids.hex(24)}`;
const newId = () => cloud.host().ids.hex(16);
const now = () => clock.millis() / 1000;

const segment = (fields: Partial<SegmentDocument> = {}): SegmentDocument => ({
  name: 'test.example.com',
  id: newId(),
  trace_id: newTrace(),
  start_time: now(),
  end_time: now() + 1,
  ...fields,
});

async function put(...documents: (object | string)[]) {
  const TraceSegmentDocuments = documents.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  const { UnprocessedTraceSegments } = await xray.send(
    new PutTraceSegmentsCommand({ TraceSegmentDocuments }),
  );
  return UnprocessedTraceSegments;
}

test('a segment comes back as it was', async () => {
  const sent = segment({ user: 'me', metadata: { own: { deep: [1] } } });
  expect(await put(sent)).toEqual([]);
  const { Traces, UnprocessedTraceIds } = await xray.send(
    new BatchGetTracesCommand({ TraceIds: [sent.trace_id!] }),
  );
  expect(UnprocessedTraceIds).toEqual([]);
  expect(Traces).toEqual([
    {
      Id: sent.trace_id,
      Duration: 1,
      LimitExceeded: false,
      Segments: [{ Id: sent.id, Document: JSON.stringify(sent) }],
    },
  ]);
});

test('unknown traces are named; five are asked for at once', async () => {
  const unknown = newTrace();
  const { Traces, UnprocessedTraceIds } = await xray.send(new BatchGetTracesCommand({ TraceIds: [unknown] }));
  expect([Traces, UnprocessedTraceIds]).toEqual([[], [unknown]]);
  const TraceIds = Array.from({ length: 6 }, () => newTrace());
  await expect(xray.send(new BatchGetTracesCommand({ TraceIds }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
});

describe('what is refused', () => {
  const { id: _id, ...withoutId } = segment0();
  const { trace_id: _trace, ...withoutTrace } = segment0();
  const { end_time: _end, ...withoutEnd } = segment0();
  const { name: _name, ...withoutName } = segment0();

  test.each<[string, object | string]>([
    ['ParseError', '{"id": '],
    ['ParseError', '1'],
    // https://github.com/humanmade/aws-xray/issues/29
    ['MissingId', '[]'],
    ['MissingId', withoutId],
    ['InvalidId', { ...segment0(), id: 'short' }],
    ['MissingTraceId', withoutTrace],
    ['InvalidTraceId', { ...segment0(), trace_id: '1-5759e988' }],
    // https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-segments
    ['InvalidTraceId', { ...segment0(), trace_id: '1-5960082b-ab52431b496add878434aa25' }],
    ['MissingName', withoutName],
    ['InvalidName', { ...segment0(), name: 'mysql at RouteBinding:?' }],
    ['InvalidName', { ...segment0(), name: 'a'.repeat(201) }],
    ['MissingEndTime', withoutEnd],
    ['InvalidEndTime', { ...segment0(), end_time: 1 }],
    ['InvalidStartTime', { ...segment0(), start_time: '1767225600' }],
  ])('%s', async (ErrorCode, document) => {
    const refused = await put(document, segment());
    const Message = `Invalid segment. ErrorCode: ${ErrorCode}`;
    expect(refused).toEqual([expect.objectContaining({ ErrorCode, Message })]);
    const id = typeof document === 'string' ? undefined : (document as { id?: string }).id;
    expect(refused?.[0]?.Id).toBe(id);
  });

  // https://github.com/aws/aws-xray-daemon/issues/184
  test('of parts', async () => {
    const part = { ...segment(), type: 'subsegment' };
    const Message = (code: string) => `Invalid subsegment. ErrorCode: ${code}, Cause: null`;
    expect(await put({ ...part, name: 'what?' }, part)).toEqual([
      { Id: part.id, ErrorCode: 'InvalidName', Message: Message('InvalidName') },
      { Id: part.id, ErrorCode: 'MissingParentId', Message: Message('MissingParentId') },
    ]);
    const whole = segment({ subsegments: [segment({ subsegments: [segment({ name: '<>' })] })] });
    expect(await put(whole)).toEqual([
      { Id: whole.id, ErrorCode: 'InvalidName', Message: Message('InvalidName') },
    ]);
  });

  test('what is larger than 64 KB', async () => {
    const large = segment({ metadata: { own: { text: 'x'.repeat(65_536) } } });
    expect(await put(large)).toMatchObject([{ Id: large.id }]);
    expect(await segmentsOf(xray, large.trace_id!)).toEqual([]);
  });

  test('nothing else ever happens, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((own) => JSON.stringify({ ...segment0(), own })),
        ),
        (text) => {
          const judged = judge(text, clock.millis());
          if ('document' in judged) expect(judged.document).toMatchObject({ id: expect.any(String) });
          else expect(judged.refused).toMatchObject({ ErrorCode: expect.stringMatching(/^[A-Z]\w+$/) });
        },
      ),
    );
  });
});

function segment0(): SegmentDocument {
  return {
    name: 'test.example.com',
    id: '6226467e3f845502',
    trace_id: `1-${Math.floor(Date.UTC(2026, 0, 1) / 1000).toString(16)}-ab52431b496add878434aa25`,
    start_time: 1767225600,
    end_time: 1767225601,
  };
}

describe('a trace is put together', () => {
  test('a complete segment takes the place of its beginning, in whatever order they come', async () => {
    const complete = segment();
    const { end_time: _, ...begun } = complete;
    const beginning = { ...begun, in_progress: true };
    await put(beginning);
    expect(await segmentsOf(xray, complete.trace_id!)).toEqual([beginning]);
    await put(complete);
    await put(beginning);
    expect(await segmentsOf(xray, complete.trace_id!)).toEqual([complete]);
  });

  test('parts that came apart are where they belong, before and after what they belong to', async () => {
    const whole = segment();
    const trace_id = whole.trace_id!;
    const outer = segment({ trace_id, type: 'subsegment', parent_id: whole.id, name: 'outer' });
    const inner = segment({ trace_id, type: 'subsegment', parent_id: outer.id, name: 'inner' });
    await put(inner);
    // Nobody knows yet where it belongs.
    expect(await segmentsOf(xray, trace_id)).toEqual([inner]);
    await put(outer, whole);
    const [shown, ...others] = await segmentsOf(xray, trace_id);
    expect(others).toEqual([]);
    expect(shown).toEqual({
      ...whole,
      subsegments: [
        {
          ...bare(outer),
          subsegments: [bare(inner)],
        },
      ],
    });
  });

  const bare = ({ parent_id: _parent, trace_id: _trace, type: _type, ...rest }: SegmentDocument) => rest;

  test('parts of one another are parts of nothing', async () => {
    const trace_id = newTrace();
    const [one, other] = [newId(), newId()];
    await put(
      segment({ trace_id, id: one, parent_id: other, type: 'subsegment' }),
      segment({ trace_id, id: other, parent_id: one, type: 'subsegment' }),
    );
    expect((await segmentsOf(xray, trace_id)).map(({ id }) => id).sort()).toEqual([one, other].sort());
  });

  test('what was called and told nothing is inferred, the same each time', async () => {
    const call = segment({
      name: 'DynamoDB',
      namespace: 'aws',
      aws: { table_name: 'seats', operation: 'GetItem' },
      http: { response: { status: 400 } },
      error: true,
    });
    const { trace_id: _, ...part } = call;
    const traced = { ...part, id: newId(), http: { request: { url: 'https://a', traced: true } } };
    const whole = segment({ subsegments: [part, { ...part, id: newId(), namespace: 'remote' }, traced] });
    await put(whole);
    const [own, ...inferred] = await segmentsOf(xray, whole.trace_id!);
    expect(own).toEqual(whole);
    expect(inferred).toHaveLength(2);
    expect(inferred.find(({ origin }) => origin === 'AWS::DynamoDB::Table')).toMatchObject({
      name: 'DynamoDB',
      inferred: true,
      parent_id: part.id,
      trace_id: whole.trace_id,
      aws: call.aws,
      error: true,
    });
    expect(inferred.find(({ origin }) => origin === 'remote')?.inferred).toBe(true);
    expect(await segmentsOf(xray, whole.trace_id!)).toEqual([own, ...inferred]);
    // Once it tells, nothing is inferred of it.
    await put(segment({ trace_id: whole.trace_id, parent_id: part.id, name: 'seats' }));
    const after = await segmentsOf(xray, whole.trace_id!);
    expect(after.filter((one) => one.inferred).map(({ origin }) => origin)).toEqual(['remote']);
  });
});

// https://docs.aws.amazon.com/general/latest/gr/xray.html#limits_xray
test('traces are kept for 30 days', async () => {
  const sent = segment();
  await put(sent);
  clock.advance(30 * DAY - 1000);
  expect(await segmentsOf(xray, sent.trace_id!)).toHaveLength(1);
  clock.advance(2000);
  expect(await segmentsOf(xray, sent.trace_id!)).toEqual([]);
  // It is removed with what comes next, not only hidden.
  await put(segment());
  clock.advance(-40 * DAY);
  expect(await segmentsOf(xray, sent.trace_id!)).toEqual([]);
  clock.advance(40 * DAY);
});

test('telemetry is taken; nothing is encrypted by a key of the account’s', async () => {
  const TelemetryRecords = [{ Timestamp: clock.now(), SegmentsReceivedCount: 1 }];
  await xray.send(new PutTelemetryRecordsCommand({ TelemetryRecords }));
  const { EncryptionConfig } = await xray.send(new GetEncryptionConfigCommand({}));
  expect(EncryptionConfig).toEqual({ Status: 'ACTIVE', Type: 'NONE' });
});

test('what is not there yet says so', async () => {
  await expect(xray.send(new GetGroupsCommand({}))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 501 },
  });
});

test('segments outlive a restart, those on their way too, but not 30 days', async () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'tierkit-xray-'));
  const time = new ManualClock(clock.millis());
  const [sent, late] = [segment(), segment()];
  let engine = await startCloud({ clock: time, stateDirectory });
  const read = (one: SegmentDocument) => segmentsOf(engine.client(XRayClient), one.trace_id!);
  const TraceSegmentDocuments = [JSON.stringify(sent)];
  await engine.client(XRayClient).send(new PutTraceSegmentsCommand({ TraceSegmentDocuments }));
  // Who sends segments without being asked for them has been used.
  await engine.client(LambdaClient).send(new ListFunctionsCommand({}));
  const as = engine.cloud.parts.identity.root('000000000000');
  segmentDelivery(engine.host()).add({ account: '000000000000', region: 'us-east-1', as }, late);
  await engine.stop();
  engine = await startCloud({ clock: time, stateDirectory });
  expect([await read(sent), await read(late)]).toEqual([[sent], [late]]);
  await engine.stop();
  time.advance(31 * DAY);
  engine = await startCloud({ clock: time, stateDirectory });
  expect(await read(sent)).toEqual([]);
  // It is not only hidden.
  time.advance(-2 * DAY);
  expect(await read(sent)).toEqual([]);
  await engine.stop();
  rmSync(stateDirectory, { recursive: true });
});
