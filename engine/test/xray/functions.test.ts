import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DetachRolePolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { XRayClient } from '@aws-sdk/client-xray';
import { buildSync } from 'esbuild';
import { ManualClock } from '../../src/kernel/clock';
import { startCloud, type TestCloud } from '../../src/testing';
import { zip } from '../lambda/support';
import { byOrigin, rootOf, SENDS, segmentsOf } from './support';

// https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html

let cloud: TestCloud;
let lambda: LambdaClient;
let xray: XRayClient;
let clock: ManualClock;

const RoleName = 'runner';
const PolicyArn = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};

const TRACE = 'exports.handler = async () => process.env._X_AMZN_TRACE_ID;';

beforeAll(async () => {
  clock = new ManualClock();
  cloud = await startCloud({ iam: 'enforce', clock });
  [lambda, xray] = [cloud.client(LambdaClient), cloud.client(XRayClient)];
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(TRUST) }));
  await permit(true);
  await create('trace', TRACE);
  await create('sends', SENDS);
});
afterAll(() => cloud.stop());

const permit = (may: boolean) =>
  cloud
    .client(IAMClient)
    .send(new (may ? AttachRolePolicyCommand : DetachRolePolicyCommand)({ RoleName, PolicyArn }));

const create = (FunctionName: string, code: string, Mode: 'Active' | 'PassThrough' = 'Active') =>
  lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: `arn:aws:iam::000000000000:role/${RoleName}`,
      Code: { ZipFile: zip({ 'index.js': code }) },
      TracingConfig: { Mode },
    }),
  );

/** What the function says its trace is. */
async function traceOf(FunctionName: string, event: object = {}): Promise<string> {
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) }),
  );
  return String(JSON.parse(Buffer.from(Payload ?? []).toString()));
}

test('the first invocation of each second is recorded, and few of the others', async () => {
  const first: string[] = [];
  for (let second = 0; second < 3; second++) {
    clock.advance(1000);
    first.push(await traceOf('trace'));
  }
  for (const trace of first) {
    expect(trace).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/);
    const segments = await segmentsOf(xray, rootOf(trace));
    expect(segments.map(({ origin }) => origin).sort()).toEqual(['AWS::Lambda', 'AWS::Lambda::Function']);
    // Nothing led to it.
    expect(byOrigin(segments, 'AWS::Lambda')).not.toHaveProperty('parent_id');
  }
  const others: string[] = [];
  for (let n = 0; n < 20; n++) others.push(await traceOf('trace'));
  const ignored = others.filter((trace) => trace.endsWith(';Sampled=0'));
  // That all of 20 are among the 5 % happens once in 10^26 times.
  expect(ignored.length).toBeGreaterThan(0);
  expect(await segmentsOf(xray, rootOf(ignored[0]))).toEqual([]);
});

test('what a function sends to the daemon is a part of its invocation', async () => {
  clock.advance(1000);
  const trace = await traceOf('sends', { count: 3, at: 1767225600 });
  const own = byOrigin(await segmentsOf(xray, rootOf(trace)), 'AWS::Lambda::Function');
  const invocation = own?.subsegments?.find(({ name }) => name === 'Invocation');
  expect(trace).toContain(`Parent=${invocation?.id};`);
  expect(invocation?.subsegments).toEqual(
    [0, 1, 2].map((n) => ({
      id: String(n).padStart(16, '0'),
      name: '## seats',
      start_time: 1767225600 + n / 1000,
      end_time: 1767225601,
      annotations: { seat: `A${n}` },
    })),
  );
});

test('what is no segment for the daemon is not taken', async () => {
  clock.advance(1000);
  const trace = await traceOf('sends', { header: '{"format": "xml", "version": 1}' });
  const own = byOrigin(await segmentsOf(xray, rootOf(trace)), 'AWS::Lambda::Function');
  expect(own?.subsegments?.find(({ name }) => name === 'Invocation')).not.toHaveProperty('subsegments');
});

test('without xray:PutTraceSegments there are no segments', async () => {
  clock.advance(1000);
  await permit(false);
  try {
    const trace = await traceOf('sends');
    expect(trace).toMatch(/;Sampled=1$/);
    expect(await segmentsOf(xray, rootOf(trace))).toEqual([]);
  } finally {
    await permit(true);
  }
});

test('an event: its acceptance, its wait and its attempt', async () => {
  clock.advance(1000);
  const { events } = cloud.cloud.parts;
  const reported = new Promise<string>((done) => {
    const end = events.subscribe((event) => {
      if (event.type !== 'log' || !event.message.startsWith('REPORT')) return;
      end();
      done(event.message);
    });
  });
  const root = `1-${Math.floor(clock.millis() / 1000).toString(16)}-${cloud.host().ids.hex(24)}`;
  const command = new InvokeCommand({ FunctionName: 'trace', InvocationType: 'Event' });
  command.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers['x-amzn-trace-id'] = `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`;
      return next(args);
    },
    { step: 'build' },
  );
  await lambda.send(command);
  await reported;
  const segments = await segmentsOf(xray, root);
  const accepted = byOrigin(segments, 'AWS::Lambda');
  const own = byOrigin(segments, 'AWS::Lambda::Function');
  expect(accepted).toMatchObject({ parent_id: '53995c3f42cd8ad8', http: { response: { status: 202 } } });
  expect(accepted?.subsegments?.map(({ name }) => name).sort()).toEqual(['Attempt #1', 'Dwell Time']);
  const attempt = accepted?.subsegments?.find(({ name }) => name === 'Attempt #1');
  expect(attempt?.http).toEqual({ response: { status: 200 } });
  expect(own?.parent_id).toBe(attempt?.id);
});

// https://docs.powertools.aws.dev/lambda/typescript/latest/features/tracer/
test('Powertools’ tracer', async () => {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `const { Tracer } = require('@aws-lambda-powertools/tracer');
        const tracer = new Tracer({ serviceName: 'seats', captureHTTPsRequests: false });
        exports.handler = async () => {
          const segment = tracer.getSegment();
          const part = segment.addNewSubsegment('## handler');
          tracer.setSegment(part);
          tracer.putAnnotation('show', 'Hamlet');
          tracer.annotateColdStart();
          part.close();
          tracer.setSegment(segment);
          return process.env._X_AMZN_TRACE_ID;
        };`,
      resolveDir: __dirname,
    },
    bundle: true,
    platform: 'node',
    write: false,
    logLevel: 'silent',
  });
  await create('powertools', outputFiles[0]!.text);
  clock.advance(1000);
  const trace = await traceOf('powertools');
  const own = byOrigin(await segmentsOf(xray, rootOf(trace)), 'AWS::Lambda::Function');
  const invocation = own?.subsegments?.find(({ name }) => name === 'Invocation');
  expect(invocation?.subsegments).toMatchObject([
    { name: '## handler', annotations: { show: 'Hamlet', ColdStart: true } },
  ]);
});
