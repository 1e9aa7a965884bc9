import {
  CreateAuthorizerCommand,
  GetDeploymentsCommand,
  GetStageCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { Stacks } from '../cloudformation/helpers';
import { linesOf, mocked, newLogRole, set, setLogRole } from './seen-support';
import { Bed, proxyTo, type TestApi } from './support';

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
const arn = (name: string) => `arn:aws:logs:us-east-1:000000000000:log-group:${name}`;
const DESTINATION = '/accessLogSettings/destinationArn';
const FORMAT = '/accessLogSettings/format';

let bed: Bed;
let api: TestApi;

const newGroup = (logGroupName: string) =>
  bed.cloud.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName }));

const logTo = async (group: string, format: string) =>
  set(api, { [DESTINATION]: arn(group), [FORMAT]: format });

beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
  api = await bed.newApi({ name: 'seen' });
  await mocked(api, '/mock/{id}');
  const echo = await bed.newFunction(
    'echo',
    'exports.handler = async () => ({ statusCode: 201, body: "made" })',
  );
  await api.method('POST', '/lambda', proxyTo(echo));
  const broken = await bed.newFunction('broken', 'exports.handler = async () => "nonsense"');
  await api.method('GET', '/broken', proxyTo(broken));
  await api.deploy();
});

afterAll(() => bed.stop());

test('logs need a role of the account', async () => {
  await expect(set(api, { [DESTINATION]: arn('x') })).rejects.toMatchObject({
    name: 'BadRequestException',
    message: 'CloudWatch Logs role ARN must be set in account settings to enable logging',
  });
  await expect(set(api, { '/*/*/logging/loglevel': 'INFO' })).rejects.toThrow(/role ARN must be set/);
  await setLogRole(bed, await newLogRole(bed));
});

describe('settings', () => {
  const patch = (op: 'add' | 'replace' | 'remove', path: string, value?: string) =>
    bed.api.send(
      new UpdateStageCommand({
        restApiId: api.id,
        stageName: 'prod',
        patchOperations: [{ op, path, ...(value === undefined ? {} : { value }) }],
      }),
    );

  test('are added, replaced and removed as a whole', async () => {
    expect((await patch('add', DESTINATION, arn('a'))).accessLogSettings).toEqual({
      destinationArn: arn('a'),
    });
    expect((await patch('replace', DESTINATION, arn('b'))).accessLogSettings?.destinationArn).toBe(arn('b'));
    expect((await patch('add', FORMAT, '$context.extendedRequestId')).accessLogSettings).toEqual({
      destinationArn: arn('b'),
      format: '$context.extendedRequestId',
    });
    await expect(patch('remove', DESTINATION)).rejects.toThrow(
      'Cannot remove method setting accessLogSettings/destinationArn because there is no method setting for this method ',
    );
    expect((await patch('remove', '/accessLogSettings')).accessLogSettings).toBeUndefined();
  });

  test.each([
    [FORMAT, '', 'Access Log value must not be empty'],
    [FORMAT, '$context.requestIdentity', /must include either \$context.requestId or/],
    [FORMAT, 'two $context.requestId\nlines', /Access Log format must be single line/],
    [DESTINATION, 'logs', 'Invalid ARN specified in the request'],
    [
      '/accessLogSettings/other',
      'x',
      'Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]',
    ],
    ['/*/*/logging/loglevel', 'DEBUG', 'Invalid method setting value: DEBUG'],
  ])('%s cannot be %j', async (path, value, message) => {
    await expect(patch('replace', path, value)).rejects.toThrow(message);
  });

  test('Firehose is refused by its name', async () => {
    const stream = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/amazon-apigateway-x';
    await expect(patch('replace', DESTINATION, stream)).rejects.toThrow(/does not implement .*Firehose/);
  });
});

test('a line of JSON, with what is known and a dash for the rest', async () => {
  await newGroup('json');
  const names = [
    'accountId apiId authorizer.principalId deploymentId domainPrefix error.message error.messageString',
    'error.responseType error.validationErrorString extendedRequestId httpMethod identity.sourceIp identity.user',
    'identity.userAgent integration.latency integration.status integrationStatus path protocol requestId',
    'requestTime requestTimeEpoch resourceId resourcePath responseLatency responseLength stage status',
    'waf.status xrayTraceId customDomain.basePathMatched',
  ]
    .join(' ')
    .split(' ');
  const format = `{${names.map((name) => `"${name}":"$context.${name}"`).join(',')}}`;
  const { accessLogSettings } = await logTo('json', format);
  expect(accessLogSettings?.format).toBe(format);
  const answer = await api.fetch('/mock/7?a=b', { headers: { 'user-agent': 'tester' } });
  const [line = ''] = await linesOf(bed, 'json');
  const seen: Record<string, string> = JSON.parse(line);
  expect(seen).toMatchObject({
    accountId: '000000000000',
    apiId: api.id,
    'authorizer.principalId': '-',
    'error.message': '-',
    'error.messageString': '-',
    extendedRequestId: answer.headers.get('x-amz-apigw-id'),
    httpMethod: 'GET',
    'identity.sourceIp': '127.0.0.1',
    'identity.user': '-',
    'identity.userAgent': 'tester',
    'integration.latency': '-',
    path: '/prod/mock/7',
    protocol: 'HTTP/1.1',
    requestId: answer.headers.get('x-amzn-requestid'),
    resourcePath: '/mock/{id}',
    responseLength: String('{"from":"mock"}'.length),
    stage: 'prod',
    status: '200',
    'waf.status': '-',
  });
  expect(seen.requestTime).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  expect(Number(seen.requestTimeEpoch)).toBeGreaterThan(0);
  expect(seen.responseLatency).toMatch(/^\d+$/);
});

test.each([
  [
    'clf',
    '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime]"$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength $context.requestId $context.extendedRequestId',
    /^127\.0\.0\.1 - - \[[^\]]+\]"GET \/mock\/\{id\} HTTP\/1\.1" 200 15 [\w-]{36} [\w-]{15}=$/,
  ],
  [
    'xml',
    '<request id="$context.requestId"> <status>$context.status</status> <ip>${context.identity.sourceIp}</ip> </request>',
    /^<request id="[\w-]{36}"> <status>200<\/status> <ip>127\.0\.0\.1<\/ip> <\/request>$/,
  ],
  ['csv', '$context.httpMethod,$context.status,$context.requestId\n', /^GET,200,[\w-]{36}$/],
])('a line of %s', async (group, format, expected) => {
  await newGroup(group);
  await logTo(group, format);
  await api.fetch('/mock/1');
  expect(await linesOf(bed, group)).toEqual([expect.stringMatching(expected)]);
});

test('what is behind the method, and what went wrong', async () => {
  await newGroup('behind');
  await logTo(
    'behind',
    '$context.status $context.integration.status $context.integrationStatus $context.error.responseType $context.error.messageString $context.integration.requestId $context.requestId',
  );
  await api.fetch('/lambda', { method: 'POST' });
  await api.fetch('/broken');
  await api.fetch('/nowhere');
  const lines = await linesOf(bed, 'behind');
  expect(lines).toEqual([
    expect.stringMatching(/^201 201 200 - - [\w-]{36} [\w-]{36}$/),
    expect.stringMatching(/^502 - 200 \S+ "Internal server error" [\w-]{36} [\w-]{36}$/),
    expect.stringMatching(
      /^403 - - MISSING_AUTHENTICATION_TOKEN "Missing Authentication Token" - [\w-]{36}$/,
    ),
  ]);
  // The id of the invocation, as the function's own log has it.
  const id = lines[0]?.split(' ')[5];
  const [start] = await linesOf(bed, '/aws/lambda/echo', { filterPattern: '"START RequestId"' });
  expect(start).toContain(`START RequestId: ${id} `);
});

test('who called, and how finding that out went', async () => {
  const authorizer = await bed.newFunction(
    'authorizer',
    `exports.handler = async ({ authorizationToken, methodArn }) => ({
      principalId: 'ann',
      context: { plan: 'gold' },
      policyDocument: { Version: '2012-10-17', Statement: [
        { Effect: authorizationToken === 'yes' ? 'Allow' : 'Deny', Action: 'execute-api:Invoke', Resource: methodArn },
      ] },
    })`,
  );
  const guarded = await bed.newApi();
  const { id: authorizerId } = await bed.api.send(
    new CreateAuthorizerCommand({
      restApiId: guarded.id,
      name: 'tokens',
      type: 'TOKEN',
      identitySource: 'method.request.header.Authorization',
      authorizerUri: proxyTo(authorizer).uri,
      authorizerResultTtlInSeconds: 0,
    }),
  );
  const echo = await bed.newFunction('guarded', 'exports.handler = async () => ({ statusCode: 200 })');
  await guarded.method('GET', '/', proxyTo(echo), { authorizationType: 'CUSTOM', authorizerId });
  await guarded.deploy();
  await newGroup('who');
  await set(guarded, {
    [DESTINATION]: arn('who'),
    [FORMAT]:
      '$context.status $context.authorizer.principalId $context.authorizer.plan $context.authorize.status $context.authorizer.latency $context.authorizer.integrationStatus $context.error.responseType $context.requestId',
  });
  await guarded.fetch('/', { headers: { authorization: 'yes' } });
  await guarded.fetch('/', { headers: { authorization: 'no' } });
  await guarded.fetch('/');
  expect(await linesOf(bed, 'who')).toEqual([
    expect.stringMatching(/^200 ann gold 200 \d+ 200 - [\w-]{36}$/),
    expect.stringMatching(/^403 \S+ \S+ 403 \d+ \S+ ACCESS_DENIED [\w-]{36}$/),
    expect.stringMatching(/^401 - - 401 \d+ - UNAUTHORIZED [\w-]{36}$/),
  ]);
});

test('many answers at once leave a line each, in one stream', async () => {
  await newGroup('many');
  await logTo('many', '$context.requestId');
  const answers = await Promise.all(Array.from({ length: 50 }, () => api.fetch('/mock/1')));
  const ids = answers.map(({ headers }) => headers.get('x-amzn-requestid'));
  expect((await linesOf(bed, 'many')).sort()).toEqual(ids.sort());
});

test('a role that may not write leaves no lines, and says so', async () => {
  await newGroup('closed');
  await logTo('closed', '$context.requestId');
  await setLogRole(bed, await newLogRole(bed, 'poor', 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'));
  expect((await api.fetch('/mock/1')).status).toBe(200);
  expect(await linesOf(bed, 'closed')).toEqual([]);
  const told = bed.cloud.host().parts.events.recent();
  expect(told).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      message: expect.stringMatching(
        /log group closed: .*poor.*not authorized to perform: logs:PutLogEvents/,
      ),
    }),
  );
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-stage.html */
test('a stack sets the logs of its stage', async () => {
  const { items = [] } = await bed.api.send(new GetDeploymentsCommand({ restApiId: api.id }));
  const template = (setting: object) => ({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'apigateway.amazonaws.com' },
                Action: 'sts:AssumeRole',
              },
            ],
          },
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'],
        },
      },
      Account: {
        Type: 'AWS::ApiGateway::Account',
        Properties: { CloudWatchRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
      },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'of-the-stack' } },
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        DependsOn: 'Account',
        Properties: { RestApiId: api.id, DeploymentId: items[0]?.id, StageName: 'stacked', ...setting },
      },
    },
  });
  const stacks = new Stacks(bed.cloud.client(CloudFormationClient));
  const DestinationArn = { 'Fn::GetAtt': ['Group', 'Arn'] };
  await stacks.create(
    'logged',
    template({
      AccessLogSetting: { DestinationArn, Format: '$context.requestId $context.stage' },
      MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', LoggingLevel: 'INFO', MetricsEnabled: true }],
    }),
    { Capabilities: ['CAPABILITY_IAM'] },
  );
  const answer = await fetch(api.url('/mock/1', 'stacked'));
  const id = answer.headers.get('x-amzn-requestid');
  expect(await linesOf(bed, 'of-the-stack')).toEqual([`${id} stacked`]);
  expect(await linesOf(bed, `API-Gateway-Execution-Logs_${api.id}/stacked`)).toContain(
    `(${id}) Method completed with status: 200`,
  );
  await stacks.update('logged', template({}), { Capabilities: ['CAPABILITY_IAM'] });
  const { accessLogSettings } = await bed.api.send(
    new GetStageCommand({ restApiId: api.id, stageName: 'stacked' }),
  );
  expect(accessLogSettings).toBeUndefined();
});
