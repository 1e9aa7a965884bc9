import { request } from 'node:http';
import {
  CreateBasePathMappingCommand,
  CreateDeploymentCommand,
  CreateDomainNameCommand,
  CreateStageCommand,
  DeleteStageCommand,
  GetDeploymentsCommand,
  GetStageCommand,
  PutGatewayResponseCommand,
  TestInvokeMethodCommand,
} from '@aws-sdk/client-api-gateway';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateStageCommand as CreateHttpStage,
} from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AssociateWebACLCommand,
  DeleteWebACLCommand,
  DisassociateWebACLCommand,
  GetWebACLForResourceCommand,
  ListResourcesForWebACLCommand,
} from '@aws-sdk/client-wafv2';
import { webAcls } from '../../src/edge/waf';
import { linesOf, mocked, newLogRole, set, setLogRole } from '../apigateway/seen-support';
import { proxyTo } from '../apigateway/support';
import { requestSeen } from '../execute-api/streaming-bed';
import { bytes, rule, WafBed } from './support';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html */
let bed: WafBed;
beforeAll(async () => {
  bed = await WafBed.start();
});
afterAll(() => bed.stop());

const REST = { Scope: 'REGIONAL' as const };

test('a stage is behind its web ACL as long as they are associated', async () => {
  expect(await bed.status('/secret')).toBe(200);
  const acl = await bed.protected('behind', [rule('secret', 0, bytes('/secret'))]);
  const stage = await bed.bed.api.send(new GetStageCommand({ restApiId: bed.api.id, stageName: 'prod' }));
  expect(stage.webAclArn).toBe(acl.ARN);
  const seen = requestSeen(bed.bed, bed.api);
  const refused = await bed.api.fetch('/secret');
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-amzn-errortype')).toBe('ForbiddenException');
  expect(await refused.text()).toBe('{"message":"Forbidden"}');
  const { answered, steps } = await seen;
  expect([answered, steps?.at(-1)?.[0]]).toEqual(['waf', 'waf']);
  expect(await bed.status('/open')).toBe(200);
  await bed.api.deploy();
  expect(await bed.status('/secret')).toBe(403);

  const of = await bed.waf.send(new GetWebACLForResourceCommand({ ResourceArn: bed.stageArn() }));
  expect(of.WebACL).toMatchObject({ ARN: acl.ARN, Capacity: 10 });
  const list = { WebACLArn: acl.ARN };
  const gateways = new ListResourcesForWebACLCommand({ ...list, ResourceType: 'API_GATEWAY' });
  expect((await bed.waf.send(gateways)).ResourceArns).toEqual([bed.stageArn()]);
  // Load balancers, where no type is given.
  expect((await bed.waf.send(new ListResourcesForWebACLCommand(list))).ResourceArns).toEqual([]);

  const { Id, LockToken, Name } = acl;
  const remove = new DeleteWebACLCommand({ Id, Name, LockToken, ...REST });
  await expect(bed.waf.send(remove)).rejects.toThrow(
    'AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.',
  );
  await bed.waf.send(new DisassociateWebACLCommand({ ResourceArn: bed.stageArn() }));
  expect(await bed.status('/secret')).toBe(200);
  await bed.waf.send(remove);
  const none = await bed.waf.send(new GetWebACLForResourceCommand({ ResourceArn: bed.stageArn() }));
  expect(none.WebACL).toBeUndefined();
});

test('it comes before routes, policies, authorizers and validation', async () => {
  const api = await bed.bed.newApi({
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' }],
    }),
  });
  await mocked(api, '/known');
  await api.deploy();
  const other = api.url('/known');
  expect(await (await fetch(other)).text()).toContain('explicit deny');
  const acl = await bed.newWebAcl('first', [], { DefaultAction: { Block: {} } });
  await bed.waf.send(
    new AssociateWebACLCommand({ WebACLArn: acl.ARN, ResourceArn: bed.stageArn('prod', api.id) }),
  );
  for (const path of ['/known', '/unknown']) {
    expect(await (await api.fetch(path)).text()).toBe('{"message":"Forbidden"}');
  }
  // Tests of a method have no way to go.
  const { resourceId } = await api.method('GET', '/tested', { type: 'MOCK' });
  const tested = await bed.bed.api.send(
    new TestInvokeMethodCommand({ restApiId: api.id, resourceId, httpMethod: 'GET' }),
  );
  expect(tested.body).not.toContain('Forbidden');
});

test('gateway responses say what blocked requests get, unless the rule does', async () => {
  const api = await bed.bed.newApi();
  await mocked(api, '/a');
  await bed.bed.api.send(
    new PutGatewayResponseCommand({
      restApiId: api.id,
      responseType: 'WAF_FILTERED',
      statusCode: '418',
      responseParameters: { 'gatewayresponse.header.x-acl': 'context.webaclArn' },
      responseTemplates: { 'text/plain': '$context.wafResponseCode $context.error.responseType' },
    }),
  );
  await api.deploy();
  const custom = {
    Block: {
      CustomResponse: {
        ResponseCode: 429,
        CustomResponseBodyKey: 'slow',
        ResponseHeaders: [
          { Name: 'Retry-After', Value: '7' },
          { Name: 'Transfer-Encoding', Value: 'chunked' },
          { Name: 'Content-Length', Value: '1' },
        ],
      },
    },
  };
  const acl = await bed.newWebAcl(
    'answers',
    [rule('own', 0, bytes('own', { FieldToMatch: { QueryString: {} } }), { Action: custom })],
    {
      DefaultAction: { Block: {} },
      CustomResponseBodies: { slow: { ContentType: 'TEXT_HTML', Content: '<h1>Slow down</h1>' } },
    },
  );
  await bed.waf.send(
    new AssociateWebACLCommand({ WebACLArn: acl.ARN, ResourceArn: bed.stageArn('prod', api.id) }),
  );
  const usual = await api.fetch('/a');
  expect([usual.status, usual.headers.get('x-acl')]).toEqual([418, acl.ARN]);
  expect(await usual.text()).toBe('WAF_BLOCK WAF_FILTERED');
  const own = await api.fetch('/a?own');
  expect([own.status, own.headers.get('retry-after')]).toEqual([429, '7']);
  expect(own.headers.get('content-type')).toBe('text/html');
  expect(own.headers.get('x-amzn-requestid')).toMatch(/^[\w-]{36}$/);
  expect(await own.text()).toBe('<h1>Slow down</h1>');
});

test('headers that rules insert reach the function behind the method', async () => {
  const api = await bed.bed.newApi();
  const code =
    'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event.headers) })';
  await api.method('GET', '/a', proxyTo(await bed.bed.newFunction('headers', code)));
  await api.deploy();
  const insert = (...InsertHeaders: { Name: string; Value: string }[]) => ({
    CustomRequestHandling: { InsertHeaders },
  });
  const acl = await bed.newWebAcl(
    'inserts',
    [rule('seen', 0, bytes('/a'), { Action: { Count: insert({ Name: 'seen', Value: 'yes' }) } })],
    { DefaultAction: { Allow: insert({ Name: 'by', Value: 'default' }) } },
  );
  await bed.waf.send(
    new AssociateWebACLCommand({ WebACLArn: acl.ARN, ResourceArn: bed.stageArn('prod', api.id) }),
  );
  const headers = await (await api.fetch('/a', { headers: { 'x-amzn-waf-by': 'me' } })).json();
  expect(headers).toMatchObject({ 'x-amzn-waf-seen': 'yes', 'x-amzn-waf-by': 'default' });
});

test('access logs tell what it said', async () => {
  await setLogRole(bed.bed, await newLogRole(bed.bed));
  await bed.bed.cloud.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: 'waf' }));
  await set(bed.api, {
    '/accessLogSettings/destinationArn': 'arn:aws:logs:us-east-1:000000000000:log-group:waf',
    '/accessLogSettings/format':
      '$context.wafResponseCode $context.webaclArn $context.waf.status $context.waf.error $context.waf.latency $context.requestId',
  });
  const acl = await bed.protected('logged', [rule('no', 0, bytes('/no'))]);
  await bed.status('/yes');
  await bed.status('/no');
  await bed.waf.send(new DisassociateWebACLCommand({ ResourceArn: bed.stageArn() }));
  await bed.status('/none');
  const lines = await linesOf(bed.bed, 'waf');
  expect(lines.map((line) => line.replace(/ \d+ [\w-]{36}$/, ''))).toEqual([
    `WAF_ALLOW ${acl.ARN} 200 -`,
    `WAF_BLOCK ${acl.ARN} 403 -`,
    expect.stringMatching(/^- - - - - [\w-]{36}$/),
  ]);
});

test('a canary is behind the web ACL of its stage, and a stage that is gone is behind none', async () => {
  const { items = [] } = await bed.bed.api.send(new GetDeploymentsCommand({ restApiId: bed.api.id }));
  const restApiId = bed.api.id;
  const deploymentId = items[0]!.id;
  await bed.bed.api.send(new CreateStageCommand({ restApiId, stageName: 'canary', deploymentId }));
  await bed.bed.api.send(
    new CreateDeploymentCommand({
      restApiId,
      stageName: 'canary',
      canarySettings: { percentTraffic: 100 },
    }),
  );
  const acl = await bed.newWebAcl('canary', [], { DefaultAction: { Block: {} } });
  expect((await fetch(bed.api.url('/a', 'canary'))).status).toBe(200);
  await bed.protect(acl.ARN!, 'canary');
  expect((await fetch(bed.api.url('/a', 'canary'))).status).toBe(403);
  await bed.bed.api.send(new DeleteStageCommand({ restApiId, stageName: 'canary' }));
  const { Id, LockToken, Name } = acl;
  await bed.waf.send(new DeleteWebACLCommand({ Id, Name, LockToken, ...REST }));
  await expect(
    bed.waf.send(new GetWebACLForResourceCommand({ ResourceArn: bed.stageArn('canary') })),
  ).rejects.toMatchObject({ name: 'WAFNonexistentItemException' });
});

test('HTTP APIs can have no web ACL, and what is not there neither', async () => {
  const http = bed.bed.cloud.client(ApiGatewayV2Client);
  const { ApiId } = await http.send(new CreateApiCommand({ Name: 'http', ProtocolType: 'HTTP' }));
  await http.send(new CreateHttpStage({ ApiId, StageName: 'v1' }));
  const { ARN } = await bed.newWebAcl('lonely', []);
  const associate = (ResourceArn: string, WebACLArn = ARN) =>
    bed.waf.send(new AssociateWebACLCommand({ ResourceArn, WebACLArn }));
  const ofHttp = `arn:aws:apigateway:us-east-1::/apis/${ApiId}/stages/v1`;
  await expect(associate(ofHttp)).rejects.toMatchObject({
    name: 'WAFInvalidParameterException',
    message: `Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: RESOURCE_ARN, parameter: ${ofHttp}`,
    Field: 'RESOURCE_ARN',
    Parameter: ofHttp,
  });
  const missing = { name: 'WAFNonexistentItemException' };
  await expect(associate(bed.stageArn('nowhere'))).rejects.toMatchObject(missing);
  await expect(associate(bed.stageArn(), `${ARN}x`)).rejects.toMatchObject(missing);
  await expect(
    associate('arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/a/1234567890abcdef'),
  ).rejects.toThrow('tierkit does not implement WAFV2 web ACLs of elasticloadbalancing yet');
});

test('behind a custom domain, rules see the path that was asked for', async () => {
  const domainName = 'shop.example.com';
  await bed.bed.api.send(
    new CreateDomainNameCommand({
      domainName,
      regionalCertificateArn:
        'arn:aws:acm:us-east-1:000000000000:certificate/8a1b2c3d-0000-4000-8000-000000000000',
      endpointConfiguration: { types: ['REGIONAL'] },
    }),
  );
  await bed.bed.api.send(
    new CreateBasePathMappingCommand({ domainName, basePath: 'v1', restApiId: bed.api.id, stage: 'prod' }),
  );
  const exactly = (path: string) => bytes(path, { PositionalConstraint: 'EXACTLY' });
  await bed.protected('domain', [rule('stage', 0, exactly('/prod/a')), rule('base', 1, exactly('/v1/b'))]);
  const ask = (path: string) =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(bed.bed.cloud.endpoint);
      request({ hostname, port, path, headers: { host: domainName } }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', reject)
        .end();
    });
  expect([await ask('/v1/a'), await ask('/v1/b')]).toEqual([200, 403]);
  expect([await bed.status('/a'), await bed.status('/b')]).toEqual([403, 200]);
});

test('what cannot be inspected is let through, and told', async () => {
  const acl = await bed.protected('broken', [], { DefaultAction: { Block: {} } });
  const acls = webAcls(bed.bed.cloud.host());
  acls.attach(() => {
    throw new Error('out of order');
  });
  acls.changed();
  expect(await bed.status('/failing')).toBe(200);
  const lines = await linesOf(bed.bed, 'waf');
  expect(lines.at(-1)).toMatch(new RegExp(`^- ${acl.ARN} 500 Internal server error \\d+ `));
});
