import {
  GetServiceGraphCommand,
  GetTraceGraphCommand,
  GetTraceSummariesCommand,
  type GetTraceSummariesCommandInput,
  PutTraceSegmentsCommand,
  XRayClient,
} from '@aws-sdk/client-xray';
import fc from 'fast-check';
import { AwsError } from '../../src/kernel';
import { ManualClock } from '../../src/kernel/clock';
import type { SegmentDocument } from '../../src/observe/tracing';
import { parseFilter } from '../../src/services/xray/filter/parse';
import { startCloud, type TestCloud } from '../../src/testing';

// https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html
// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html

const HOUR = 3600_000;
const clock = new ManualClock(Date.UTC(2026, 0, 1, 12));
const start = clock.millis() / 1000;
let cloud: TestCloud;
let xray: XRayClient;
const ids: Record<string, string> = {};

const newId = () => cloud.host().ids.hex(16);

async function put(name: string, fields: Partial<SegmentDocument>, at = start, more: object[] = []) {
  const trace_id = `1-${Math.floor(at).toString(16)}-${cloud.host().ids.hex(24)}`;
  ids[name] = trace_id;
  const root = {
    id: newId(),
    trace_id,
    name: 'api.example.com',
    start_time: at,
    end_time: at + 2,
    ...fields,
  };
  const TraceSegmentDocuments = [
    root,
    ...more.map((one) => ({ id: newId(), trace_id, start_time: at, end_time: at + 6, ...one })),
  ].map((one) => JSON.stringify(one));
  const { UnprocessedTraceSegments } = await xray.send(
    new PutTraceSegmentsCommand({ TraceSegmentDocuments }),
  );
  expect(UnprocessedTraceSegments).toEqual([]);
}

beforeAll(async () => {
  cloud = await startCloud({ clock });
  xray = cloud.client(XRayClient);
  const request = {
    url: 'http://api.example.com/v2/seats',
    method: 'GET',
    user_agent: 'curl',
    client_ip: '10.0.0.1',
  };
  await put('fine', { http: { request, response: { status: 200 } }, user: '5M388M1E' });
  const call = newId();
  await put(
    'slow',
    {
      http: { request: { ...request, method: 'POST' }, response: { status: 404 } },
      error: true,
      origin: 'AWS::EC2::Instance',
      annotations: { gameid: '817DL6VO', age: 30, vip: true, 'aws:api_stage': 'prod' },
      subsegments: [
        {
          id: call,
          name: 'seats',
          start_time: start,
          end_time: start + 1,
          namespace: 'remote',
          http: { request: { traced: true } },
        },
      ],
    },
    start + 1,
    [
      {
        name: 'seats',
        parent_id: call,
        fault: true,
        origin: 'AWS::Lambda::Function',
        resource_arn: 'arn:aws:x',
      },
    ],
  );
  await put('throttled', { error: true, throttle: true, http: { response: { status: 429 } } }, start + 2);
  await put('running', { end_time: undefined, in_progress: true }, start + 3);
});
afterAll(() => cloud.stop());

const summaries = async (FilterExpression?: string, more: Partial<GetTraceSummariesCommandInput> = {}) =>
  xray.send(
    new GetTraceSummariesCommand({
      StartTime: new Date(clock.millis() - HOUR),
      EndTime: new Date(clock.millis() + HOUR),
      FilterExpression,
      ...more,
    }),
  );

const found = async (expression?: string) => {
  const { TraceSummaries = [] } = await summaries(expression);
  return TraceSummaries.map(({ Id }) => Object.keys(ids).find((name) => ids[name] === Id));
};

const ALL = ['fine', 'slow', 'throttled', 'running'];

test.each<[string | undefined, string[]]>([
  [undefined, ALL],
  ['', ALL],
  ['ok', ['fine', 'running']],
  ['!ok', ['slow', 'throttled']],
  ['ok = false', ['slow', 'throttled']],
  ['error', ['slow', 'throttled']],
  ['throttle', ['throttled']],
  // What failed further down, and was answered otherwise, is not the request's fault.
  ['fault', []],
  ['partial', ['running']],
  ['http.status != 200', ['slow', 'throttled']],
  ['http.status = 429', ['throttled']],
  ['responsetime > 1', ['fine', 'slow', 'throttled']],
  ['duration >= 5 AND duration <= 8', ['slow']],
  ['ok !partial duration <3', ['fine']],
  ['throttle OR partial', ['throttled', 'running']],
  ['(throttle OR partial) AND !ok', ['throttled']],
  ['throttle OR partial AND !ok', ['throttled']],
  ['http.url CONTAINS "/v2/"', ['fine', 'slow']],
  ['http.url BEGINSWITH "http://api." AND http.method = "POST"', ['slow']],
  ['http.url ENDSWITH "seats" http.useragent = "curl" http.clientip = "10.0.0.1"', ['fine', 'slow']],
  ['user CONTAINS ""', ['fine']],
  ['user = "5M388M1E"', ['fine']],
  ['annotation.gameid = "817DL6VO"', ['slow']],
  ['annotation.age > 29', ['slow']],
  ['annotation.age > 30', []],
  ['annotation.vip = true', ['slow']],
  ['annotation[aws:api_stage] = "prod"', ['slow']],
  ['service("seats")', ['slow']],
  ['service("seats") { fault }', ['slow']],
  ['service("api.example.com") { fault }', []],
  ['service() { fault }', ['slow']],
  ['service(id(type: "AWS::Lambda::Function"))', ['slow']],
  ['service(id(name: "api.example.com", type: "AWS::Lambda::Function"))', []],
  ['!service("seats") AND !partial', ['fine', 'throttled']],
  ['edge("api.example.com", "seats") { fault }', ['slow']],
  ['edge("seats", "api.example.com")', []],
  ['edge(id(type: "AWS::EC2::Instance"), id(name: "seats"))', ['slow']],
])('%s', async (expression, names) => {
  expect(await found(expression)).toEqual(names);
});

test.each([
  'nonsense',
  'duration >',
  'duration > "5"',
  'http.url = 5',
  'http.url',
  '(ok',
  'ok)',
  'ok AND',
  'service("a"',
  'service("a") { service("b") }',
  'service("a") { annotation.b = 1 }',
  'annotation = 1',
  '"ok"',
  'ok ~ 5',
])('%s is no filter', async (expression) => {
  await expect(summaries(expression)).rejects.toMatchObject({ name: 'InvalidRequestException' });
});

test.each([
  'coldstart',
  'instance.id = "i-1"',
  'rootcause.fault.service { name = "a" }',
  'service(id(account.id: "1"))',
])('%s is not there yet, and says so', async (expression) => {
  await expect(summaries(expression)).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
});

test('a filter is one, or none, whatever it says', () => {
  const words = fc.constantFrom(
    'ok',
    '!',
    '(',
    ')',
    'AND',
    'OR',
    'duration',
    '<',
    '=',
    '5',
    '"a"',
    'service',
    '{',
    '}',
    'annotation.a',
    ',',
    'id',
    ':',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(words).map((all) => all.join(' ')),
  );
  fc.assert(
    fc.property(text, (expression) => {
      try {
        expect(typeof parseFilter(expression)).toBe('function');
      } catch (error) {
        expect(error).toBeInstanceOf(AwsError);
      }
    }),
  );
  expect(() => parseFilter('('.repeat(10_000))).toThrow(AwsError);
});

test('a summary', async () => {
  const { ApproximateTime, TraceSummaries, TracesProcessedCount } = await summaries(
    'user CONTAINS "" OR annotation.age',
  );
  expect([ApproximateTime, TracesProcessedCount]).toEqual([clock.now(), 4]);
  const [fine, slow] = TraceSummaries ?? [];
  const api = { Name: 'api.example.com', Names: ['api.example.com'], AccountId: '000000000000' };
  expect(fine).toMatchObject({
    Id: ids.fine,
    StartTime: new Date(start * 1000),
    Duration: 2,
    ResponseTime: 2,
    HasFault: false,
    HasError: false,
    HasThrottle: false,
    IsPartial: false,
    Http: {
      HttpURL: 'http://api.example.com/v2/seats',
      HttpStatus: 200,
      HttpMethod: 'GET',
      UserAgent: 'curl',
      ClientIp: '10.0.0.1',
    },
    Users: [{ UserName: '5M388M1E', ServiceIds: [api] }],
    EntryPoint: api,
  });
  expect(slow).toMatchObject({
    Duration: 6,
    ResponseTime: 2,
    HasError: true,
    Annotations: {
      gameid: [{ AnnotationValue: { StringValue: '817DL6VO' } }],
      age: [{ AnnotationValue: { NumberValue: 30 } }],
      vip: [{ AnnotationValue: { BooleanValue: true } }],
    },
    ResourceARNs: [{ ARN: 'arn:aws:x' }],
  });
});

test('times', async () => {
  const at = (from: number, to: number) => ({
    StartTime: new Date((start + from) * 1000),
    EndTime: new Date((start + to) * 1000),
  });
  const named = async (from: number, to: number) =>
    (await summaries(undefined, at(from, to))).TraceSummaries?.length;
  expect([await named(0, 0), await named(1, 3), await named(4, 9), await named(-9, -1)]).toEqual([
    1, 3, 0, 0,
  ]);
  await expect(summaries(undefined, at(1, 0))).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await expect(summaries(undefined, at(-25 * 3600, 0))).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: 'Time range cannot be longer than 24 hours',
  });
});

test('pages', async () => {
  const base = start - 2 * 3600;
  for (let n = 0; n < 250; n++) await put(`page ${n}`, {}, base + n);
  const range = { StartTime: new Date(base * 1000), EndTime: new Date((base + 1000) * 1000) };
  const seen: (string | undefined)[] = [];
  const sizes: (number | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await summaries(undefined, { ...range, NextToken });
    seen.push(...(page.TraceSummaries ?? []).map(({ Id }) => Id));
    sizes.push(page.TraceSummaries?.length);
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  expect(sizes).toEqual([100, 100, 50]);
  expect(seen).toEqual(Array.from({ length: 250 }, (_, n) => ids[`page ${n}`]));
  await expect(summaries(undefined, { ...range, NextToken: 'none' })).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
});

test('who calls whom', async () => {
  const { Services } = await xray.send(new GetTraceGraphCommand({ TraceIds: [ids.slow!, ids.fine!] }));
  const named = (Name: string, Type?: string) =>
    Services?.find((one) => one.Name === Name && one.Type === Type);
  const seats = named('seats', 'AWS::Lambda::Function');
  expect(Services).toHaveLength(3);
  expect(named('api.example.com', 'AWS::EC2::Instance')).toMatchObject({
    Root: true,
    SummaryStatistics: {
      OkCount: 0,
      ErrorStatistics: { ThrottleCount: 0, OtherCount: 1, TotalCount: 1 },
      FaultStatistics: { TotalCount: 0 },
      TotalCount: 1,
      TotalResponseTime: 2,
    },
    Edges: [
      {
        ReferenceId: seats?.ReferenceId,
        SummaryStatistics: { FaultStatistics: { TotalCount: 1 }, TotalCount: 1 },
      },
    ],
  });
  expect(named('api.example.com')).toMatchObject({
    Root: true,
    Edges: [],
    SummaryStatistics: { OkCount: 1 },
  });
  const graph = await xray.send(
    new GetServiceGraphCommand({
      StartTime: new Date((start - 1) * 1000),
      EndTime: new Date((start + 9) * 1000),
    }),
  );
  expect(graph.Services?.map(({ Name }) => Name).sort()).toEqual([
    'api.example.com',
    'api.example.com',
    'seats',
  ]);
  const long = { StartTime: new Date((start - 7 * 3600) * 1000), EndTime: new Date(start * 1000) };
  await expect(xray.send(new GetServiceGraphCommand(long))).rejects.toMatchObject({
    message: 'Time range cannot be longer than 6 hours',
  });
});
