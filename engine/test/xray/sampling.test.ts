import {
  CreateSamplingRuleCommand,
  DeleteSamplingRuleCommand,
  GetSamplingRulesCommand,
  GetSamplingTargetsCommand,
  type SamplingRule,
  UpdateSamplingRuleCommand,
  XRayClient,
} from '@aws-sdk/client-xray';
import { ManualClock } from '../../src/kernel/clock';
import { Reservoir, Sampler } from '../../src/observe/tracing/sampling';
import { startCloud, type TestCloud } from '../../src/testing';

// https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sampling.html

const clock = new ManualClock();
let cloud: TestCloud;
let xray: XRayClient;
beforeAll(async () => {
  cloud = await startCloud({ clock });
  xray = cloud.client(XRayClient);
});
afterAll(() => cloud.stop());

const rule = (fields: Partial<SamplingRule> = {}): SamplingRule => ({
  RuleName: 'own',
  ResourceARN: '*',
  Priority: 100,
  FixedRate: 0.5,
  ReservoirSize: 0,
  ServiceName: '*',
  ServiceType: '*',
  Host: '*',
  HTTPMethod: '*',
  URLPath: '*',
  Version: 1,
  ...fields,
});

const create = (fields: Partial<SamplingRule> = {}) =>
  xray.send(new CreateSamplingRuleCommand({ SamplingRule: rule(fields) }));

const DEFAULT = {
  ...rule({ RuleName: 'Default', Priority: 10_000, FixedRate: 0.05, ReservoirSize: 1 }),
  RuleARN: 'arn:aws:xray:us-east-1:000000000000:sampling-rule/Default',
  Attributes: {},
};

test('the default rule is there, and can be changed but not removed', async () => {
  const { SamplingRuleRecords } = await xray.send(new GetSamplingRulesCommand({}));
  expect(SamplingRuleRecords).toEqual([
    { SamplingRule: DEFAULT, CreatedAt: new Date(0), ModifiedAt: new Date(0) },
  ]);
  const update = (fields: object) =>
    xray.send(new UpdateSamplingRuleCommand({ SamplingRuleUpdate: { RuleName: 'Default', ...fields } }));
  const { SamplingRuleRecord } = await update({ FixedRate: 0.1 });
  expect(SamplingRuleRecord).toMatchObject({
    SamplingRule: { ...DEFAULT, FixedRate: 0.1 },
    ModifiedAt: clock.now(),
  });
  await expect(update({ Host: 'example.com' })).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await expect(update({ FixedRate: 2 })).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await expect(xray.send(new DeleteSamplingRuleCommand({ RuleName: 'Default' }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
  await update({ FixedRate: 0.05 });
});

test('rules are made, asked by priority, changed and removed', async () => {
  const { SamplingRuleRecord: made } = await create({ RuleName: 'late', Priority: 200 });
  expect(made?.SamplingRule?.RuleARN).toBe('arn:aws:xray:us-east-1:000000000000:sampling-rule/late');
  await create({ RuleName: 'early', Priority: 1 });
  const names = async () =>
    (await xray.send(new GetSamplingRulesCommand({}))).SamplingRuleRecords?.map(
      (record) => record.SamplingRule?.RuleName,
    );
  expect(await names()).toEqual(['early', 'late', 'Default']);
  await expect(create({ RuleName: 'late' })).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await xray.send(
    new UpdateSamplingRuleCommand({
      SamplingRuleUpdate: { RuleARN: made?.SamplingRule?.RuleARN, Host: 'a' },
    }),
  );
  const { SamplingTargetDocuments, UnprocessedStatistics } = await xray.send(
    new GetSamplingTargetsCommand({
      SamplingStatisticsDocuments: ['late', 'gone'].map((RuleName) => ({
        RuleName,
        ClientID: 'ABCDEF1234567890ABCDEF10',
        Timestamp: clock.now(),
        RequestCount: 10,
        SampledCount: 5,
      })),
    }),
  );
  expect(SamplingTargetDocuments).toMatchObject([
    { RuleName: 'late', FixedRate: 0.5, ReservoirQuota: 0, Interval: 10 },
  ]);
  expect(UnprocessedStatistics).toMatchObject([{ RuleName: 'gone' }]);
  for (const RuleName of ['early', 'late']) await xray.send(new DeleteSamplingRuleCommand({ RuleName }));
  expect(await names()).toEqual(['Default']);
  await expect(xray.send(new DeleteSamplingRuleCommand({ RuleName: 'early' }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
});

test.each<[string, Partial<SamplingRule>]>([
  ['no name', { RuleName: undefined }],
  ['another version', { Version: 2 }],
  ['a rate above 1', { FixedRate: 1.1 }],
  ['a priority of 0', { Priority: 0 }],
])('%s is refused', async (_what, fields) => {
  await expect(create(fields)).rejects.toMatchObject({ name: 'InvalidRequestException' });
});

// https://docs.aws.amazon.com/general/latest/gr/xray.html#limits_xray
test('there are 25 at most', async () => {
  for (let n = 0; n < 25; n++) await create({ RuleName: `rule-${n}` });
  await expect(create({ RuleName: 'one-more' })).rejects.toMatchObject({
    name: 'RuleLimitExceededException',
  });
  for (let n = 0; n < 25; n++) await xray.send(new DeleteSamplingRuleCommand({ RuleName: `rule-${n}` }));
});

/** Draws what it is told to. */
const drawing = (hex: string) => ({ clock, ids: { hex: () => hex } });

test('a reservoir gives so many a second, then a share', () => {
  const reservoir = new Reservoir(2, 0.05);
  const [never, always] = [drawing('ffffffff'), drawing('00000000')];
  const take = (host: ReturnType<typeof drawing>) => Array.from({ length: 4 }, () => reservoir.take(host));
  expect(take(never)).toEqual([true, true, false, false]);
  expect(take(always)).toEqual([true, true, true, true]);
  clock.advance(1000);
  expect(take(never)).toEqual([true, true, false, false]);
  expect(reservoir.take(drawing('0cccccc0'))).toBe(true);
  expect(reservoir.take(drawing('0ccccce0'))).toBe(false);
});

test('the first rule that matches decides', () => {
  const request = {
    serviceName: 'shows/prod',
    serviceType: 'AWS::ApiGateway::Stage',
    host: 'api.example.com',
    method: 'GET',
    resourceArn: 'arn:aws:apigateway:us-east-1::/restapis/a/stages/prod',
    attribute: (name: string) => (name === 'debug' ? 'Yes' : undefined),
  };
  const matching: Partial<SamplingRule>[] = [
    { ServiceName: 'shows/*' },
    { ServiceType: 'AWS::APIGateway::Stage' },
    { Host: 'api.example.???' },
    { HTTPMethod: 'get' },
    { ResourceARN: '*/restapis/a/*' },
    { Attributes: { debug: 'y*' } },
  ];
  const others: Partial<SamplingRule>[] = [
    { ServiceName: 'shows' },
    { Host: 'api.example.????' },
    { HTTPMethod: 'POST' },
    // API Gateway knows no paths.
    { URLPath: '/shows' },
    { Attributes: { debug: 'n*' } },
    { Attributes: { other: '*' } },
  ];
  const chosen = (fields: Partial<SamplingRule>) =>
    new Sampler([rule({ FixedRate: 1, ...fields }), DEFAULT]).decide(drawing('ffffffff'), request).rule;
  expect(matching.map(chosen)).toEqual(matching.map(() => 'own'));
  expect(others.map(chosen)).toEqual(others.map(() => 'Default'));
});
