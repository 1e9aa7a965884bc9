import * as v2 from '@aws-sdk/client-apigatewayv2';
import { LocalCloud } from '../../src/cloud';
import { urls } from '../../src/cloud/urls';
import { Bed, httpTo, proxyTo } from './support';

let bed: Bed;
let send: v2.ApiGatewayV2Client['send'];
beforeAll(async () => {
  bed = await Bed.start();
  send = bed.v2.send.bind(bed.v2);
});
afterAll(() => bed.stop());

const URL = 'http://127.0.0.1:1/';
const refused = (name: string, message?: string) => ({ name, ...(message === undefined ? {} : { message }) });

test('an API and its defaults', async () => {
  const made = await send(new v2.CreateApiCommand({ Name: 'shop', ProtocolType: 'HTTP', Description: 'd' }));
  const { ApiId = '' } = made;
  expect(made).toMatchObject({
    $metadata: { httpStatusCode: 201 },
    ApiEndpoint: `https://${ApiId}.execute-api.us-east-1.amazonaws.com`,
    ApiId: expect.stringMatching(/^[a-z0-9]{10}$/),
    ApiKeySelectionExpression: '$request.header.x-api-key',
    CreatedDate: expect.any(Date),
    Description: 'd',
    DisableExecuteApiEndpoint: false,
    Name: 'shop',
    ProtocolType: 'HTTP',
    RouteSelectionExpression: '$request.method $request.path',
  });
  const updated = await send(new v2.UpdateApiCommand({ ApiId, Name: 'store', Version: '2' }));
  expect(updated).toMatchObject({ Name: 'store', Version: '2', Description: 'd' });
  expect((await send(new v2.GetApisCommand({}))).Items?.map((api) => api.ApiId)).toContain(ApiId);
  await send(new v2.DeleteApiCommand({ ApiId }));
  await expect(send(new v2.GetApiCommand({ ApiId }))).rejects.toMatchObject(
    refused('NotFoundException', `Invalid API identifier specified 000000000000:${ApiId}`),
  );
});

test('WebSocket APIs are not there yet', async () => {
  await expect(send(new v2.CreateApiCommand({ Name: 'x', ProtocolType: 'WEBSOCKET' }))).rejects.toMatchObject(
    { name: 'NotImplemented', message: expect.stringContaining('WebSocket') },
  );
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html
test('quick create makes all that is needed to call it', async () => {
  const Target = await bed.newFunction('quick', 'exports.handler = async (e) => e.routeKey;');
  const api = await bed.newApi({ Target });
  expect(await api.ask('/any/where')).toMatchObject({ status: 200, text: '$default' });
  const { Items: [integration] = [] } = await send(new v2.GetIntegrationsCommand({ ApiId: api.id }));
  expect(integration).toMatchObject({
    ApiGatewayManaged: true,
    ConnectionType: 'INTERNET',
    IntegrationMethod: 'POST',
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: Target,
    PayloadFormatVersion: '2.0',
    TimeoutInMillis: 30_000,
  });
  const { Items: [stage] = [] } = await send(new v2.GetStagesCommand({ ApiId: api.id }));
  expect(stage).toMatchObject({ StageName: '$default', AutoDeploy: true, ApiGatewayManaged: true });
  const { IntegrationId } = integration ?? {};
  await expect(send(new v2.DeleteIntegrationCommand({ ApiId: api.id, IntegrationId }))).rejects.toMatchObject(
    refused('BadRequestException'),
  );
  await send(
    new v2.UpdateApiCommand({ ApiId: api.id, Target: await bed.echo('quicker'), RouteKey: 'GET /only' }),
  );
  expect(await api.event('/only')).toMatchObject({ routeKey: 'GET /only' });
  expect((await api.ask('/any/where')).status).toBe(404);
  const { id: slow } = await bed.newApi();
  await expect(send(new v2.UpdateApiCommand({ ApiId: slow, Target }))).rejects.toMatchObject(
    refused('BadRequestException'),
  );
  const keyed = await bed.newApi({ Target, RouteKey: 'GET /one' });
  expect((await keyed.ask('/one')).text).toBe('GET /one');
  expect((await keyed.ask('/two')).status).toBe(404);
});

test('route keys', async () => {
  const api = await bed.newApi();
  const { IntegrationId = '' } = await api.integration(httpTo(URL));
  await api.route('GET /a/{b}/{c+}', IntegrationId);
  await expect(api.route('GET /a/{b}/{c+}', IntegrationId)).rejects.toMatchObject(
    refused('ConflictException', 'Route with key GET /a/{b}/{c+} already exists for this API'),
  );
  for (const key of [
    'GET',
    'get /',
    'FETCH /',
    'GET a',
    'GET /{a+}/b',
    'GET /{a}/{a}',
    'GET /x{a}',
    '$connect',
  ]) {
    await expect(api.route(key, IntegrationId)).rejects.toMatchObject(
      refused(
        'BadRequestException',
        'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
      ),
    );
  }
  await expect(api.route('GET /n', 'nothing')).rejects.toMatchObject(refused('NotFoundException'));
  await expect(send(new v2.DeleteIntegrationCommand({ ApiId: api.id, IntegrationId }))).rejects.toMatchObject(
    refused('ConflictException'),
  );
});

test('deployments by hand: stages stay at what was deployed', async () => {
  const api = await bed.newApi();
  const ApiId = api.id;
  const deploy = (StageName?: string) => send(new v2.CreateDeploymentCommand({ ApiId, StageName }));
  await expect(deploy()).rejects.toMatchObject(
    refused('BadRequestException', 'Unable to deploy API because no routes exist in this API'),
  );
  const { IntegrationId = '' } = await api.integration(proxyTo(await bed.echo('deployed')));
  await api.route('GET /one', IntegrationId);
  const first = await deploy();
  expect(first).toMatchObject({ AutoDeployed: false, DeploymentStatus: 'DEPLOYED' });
  await api.stage('v', { AutoDeploy: false, DeploymentId: first.DeploymentId });
  await api.route('GET /two', IntegrationId);
  expect([(await api.ask('/v/one')).status, (await api.ask('/v/two')).status]).toEqual([200, 404]);
  const second = await deploy('v');
  expect((await api.ask('/v/two')).status).toBe(200);
  // Back to the older one.
  await send(new v2.UpdateStageCommand({ ApiId, StageName: 'v', DeploymentId: first.DeploymentId }));
  expect((await api.ask('/v/two')).status).toBe(404);
  const remove = (DeploymentId = '') => send(new v2.DeleteDeploymentCommand({ ApiId, DeploymentId }));
  await expect(remove(first.DeploymentId)).rejects.toMatchObject(
    refused('BadRequestException', 'Active stages pointing to this deployment must be moved or deleted'),
  );
  await remove(second.DeploymentId);
  const { Items } = await send(new v2.GetDeploymentsCommand({ ApiId }));
  expect(Items?.map((one) => one.DeploymentId)).toEqual([first.DeploymentId]);
});

test('stages: automatic deployments, variables, names', async () => {
  const api = await bed.newApi();
  const ApiId = api.id;
  const bare = await api.stage();
  expect(bare).toMatchObject({
    AutoDeploy: true,
    LastDeploymentStatusMessage:
      'Deployment attempt failed: Unable to deploy API because no routes exist in this API',
  });
  await api.route('GET /', httpTo(URL));
  const stage = await send(new v2.GetStageCommand({ ApiId, StageName: '$default' }));
  expect(stage.LastDeploymentStatusMessage).toBe(
    `Successfully deployed stage with deployment ID '${stage.DeploymentId}'`,
  );
  const update = (input: object) =>
    send(new v2.UpdateStageCommand({ ApiId, StageName: '$default', ...input }));
  await update({ StageVariables: { a: '1', b: '2' } });
  expect(await update({ StageVariables: { a: '' } })).toMatchObject({ StageVariables: { b: '2' } });
  await expect(update({ DeploymentId: stage.DeploymentId })).rejects.toMatchObject(
    refused('BadRequestException'),
  );
  await expect(api.stage()).rejects.toMatchObject(refused('ConflictException', 'Stage already exists'));
  await expect(api.stage('a b')).rejects.toMatchObject(refused('BadRequestException'));
  await send(new v2.DeleteStageCommand({ ApiId, StageName: '$default' }));
  await expect(send(new v2.GetStageCommand({ ApiId, StageName: '$default' }))).rejects.toMatchObject(
    refused('NotFoundException'),
  );
});

test('tags of APIs and stages', async () => {
  const api = await bed.newApi({ Tags: { a: '1' } });
  await api.stage('dev', { Tags: { s: '1' } });
  const arn = `arn:aws:apigateway:us-east-1::/apis/${api.id}`;
  const tags = async (ResourceArn: string) => (await send(new v2.GetTagsCommand({ ResourceArn }))).Tags;
  await send(new v2.TagResourceCommand({ ResourceArn: arn, Tags: { b: '2' } }));
  await send(new v2.UntagResourceCommand({ ResourceArn: arn, TagKeys: ['a'] }));
  expect(await tags(arn)).toEqual({ b: '2' });
  expect(await tags(`${arn}/stages/dev`)).toEqual({ s: '1' });
  expect((await send(new v2.GetApiCommand({ ApiId: api.id }))).Tags).toEqual({ b: '2' });
  await expect(tags('arn:aws:s3:::b')).rejects.toMatchObject(refused('BadRequestException'));
});

test('lists have pages', async () => {
  const api = await bed.newApi();
  for (const key of ['GET /1', 'GET /2', 'GET /3']) await api.route(key, httpTo(URL));
  const keys: string[] = [];
  let NextToken: string | undefined;
  do {
    const list: v2.GetRoutesCommandOutput = await send(
      new v2.GetRoutesCommand({ ApiId: api.id, MaxResults: '2', NextToken }),
    );
    expect(list.Items?.length).toBeLessThanOrEqual(2);
    keys.push(...(list.Items ?? []).map((route) => route.RouteKey ?? ''));
    NextToken = list.NextToken;
  } while (NextToken);
  expect(keys.sort()).toEqual(['GET /1', 'GET /2', 'GET /3']);
  await expect(send(new v2.GetRoutesCommand({ ApiId: api.id, NextToken: 'nonsense' }))).rejects.toMatchObject(
    refused('BadRequestException'),
  );
});

test('input that the model refuses', async () => {
  await expect(
    send(new v2.CreateApiCommand({ Name: 'x'.repeat(129), ProtocolType: 'HTTP' })),
  ).rejects.toMatchObject(refused('BadRequestException'));
});

test('REST APIs and HTTP APIs are told apart; both are shown with their addresses', async () => {
  const rest = await fetch(`${bed.cloud.endpoint}/v2/`);
  // Unsigned, it is Docker's registry.
  expect(rest.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
  const api = await bed.newApi({ Name: 'shown', Target: await bed.echo('shown') });
  const found = (await urls(bed.cloud.cloud)).apis.find((one) => one.id === api.id);
  expect(found).toEqual({
    id: api.id,
    name: 'shown',
    stage: '$default',
    url: `${bed.cloud.endpoint}/_aws/execute-api/${api.id}/`,
  });
  expect(await (await fetch(`${found?.url}pets`)).json()).toMatchObject({ rawPath: '/pets' });
});

test('an API is found again by an engine that was started anew', async () => {
  const { mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const stateDirectory = mkdtempSync(join(tmpdir(), 'http-api-'));
  const first = await LocalCloud.start({ stateDirectory });
  const made = await first
    .host()
    .invoke('apigatewayv2', 'CreateApi', { Name: 'x', ProtocolType: 'HTTP', Target: URL });
  await first.stop();
  const second = await LocalCloud.start({ stateDirectory });
  try {
    const answer = await fetch(`${second.endpoint}/_aws/execute-api/${made.ApiId}/`);
    expect(answer.status).toBe(503);
  } finally {
    await second.stop();
    rmSync(stateDirectory, { recursive: true, force: true });
  }
});
