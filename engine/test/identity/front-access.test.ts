import {
  APIGatewayClient,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetTagsCommand,
  PutMethodCommand,
  TagResourceCommand,
  UpdateAccountCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CloudFrontClient,
  CreateInvalidationCommand,
  CreateOriginAccessControlCommand,
  GetOriginAccessControlCommand,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import { startCloud, type TestCloud } from '../../src/testing';
import { ACCOUNT, as, refusal, type Statement } from './callers';

let cloud: TestCloud;
let id = '';
let root = '';
const arn = (path: string) => `arn:aws:apigateway:us-east-1::${path}`;
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  const made = await cloud
    .client(APIGatewayClient)
    .send(new CreateRestApiCommand({ name: 'shop', tags: { team: 'red' } }));
  id = made.id ?? '';
  root = made.rootResourceId ?? '';
});
afterAll(() => cloud.stop());

describe('API Gateway', () => {
  const client = async (...statements: Statement[]) =>
    cloud.client(APIGatewayClient, await as(cloud, ...statements));
  const missing = (action: string, resource: string) =>
    `403 AccessDeniedException: not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

  test('verbs on paths', async () => {
    const api = await client({ Action: 'apigateway:GET', Resource: arn(`/restapis/${id}`) });
    expect(await refusal(api.send(new GetRestApiCommand({ restApiId: id })))).toBeUndefined();
    expect(await refusal(api.send(new GetResourcesCommand({ restApiId: id })))).toBe(
      missing('apigateway:GET', arn(`/restapis/${id}/resources`)),
    );
    const add = new CreateResourceCommand({ restApiId: id, parentId: root, pathPart: 'shows' });
    expect(await refusal(api.send(add))).toBe(
      missing('apigateway:POST', arn(`/restapis/${id}/resources/${root}`)),
    );
    const whole = await client({
      Action: ['apigateway:GET', 'apigateway:POST'],
      Resource: arn(`/restapis/${id}/*`),
    });
    expect(await refusal(whole.send(add))).toBeUndefined();
  });

  test('tags have a path of their own', async () => {
    const maker = await client({ Action: 'apigateway:POST' });
    expect(await refusal(maker.send(new CreateRestApiCommand({ name: 'plain' })))).toBeUndefined();
    expect(await refusal(maker.send(new CreateRestApiCommand({ name: 'x', tags: { a: 'b' } })))).toBe(
      missing('apigateway:PUT', arn('/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2F*')),
    );
    const resourceArn = arn(`/restapis/${id}`);
    expect(await refusal(maker.send(new GetTagsCommand({ resourceArn })))).toBe(
      missing('apigateway:GET', arn(`/tags/${encodeURIComponent(resourceArn)}`)),
    );
    const tagger = await client({ Action: ['apigateway:PUT', 'apigateway:PATCH'] });
    expect(
      await refusal(tagger.send(new TagResourceCommand({ resourceArn, tags: { a: 'b' } }))),
    ).toBeUndefined();
  });

  test('an API is known by its tags, and so is what it has', async () => {
    const tagged = (team: string) =>
      client({ Action: 'apigateway:*', Condition: { StringEquals: { 'aws:ResourceTag/team': team } } });
    const read = new GetResourcesCommand({ restApiId: id });
    expect(await refusal((await tagged('red')).send(read))).toBeUndefined();
    expect(await refusal((await tagged('blue')).send(read))).toContain('apigateway:GET');
  });

  test('methods without a caller can be forbidden', async () => {
    const api = await client(
      { Action: 'apigateway:*' },
      {
        Effect: 'Deny',
        Action: 'apigateway:PUT',
        Condition: { StringEquals: { 'apigateway:Request/RouteAuthorizationType': 'NONE' } },
      },
    );
    const put = (authorizationType: string) =>
      new PutMethodCommand({ restApiId: id, resourceId: root, httpMethod: 'GET', authorizationType });
    expect(await refusal(api.send(put('NONE')))).toContain(
      'with an explicit deny in an identity-based policy',
    );
    expect(String(await refusal(api.send(put('AWS_IAM'))))).not.toContain('AccessDenied');
  });

  test('the role of its logs is handed over', async () => {
    const value = `arn:aws:iam::${ACCOUNT}:role/logs`;
    const update = new UpdateAccountCommand({
      patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value }],
    });
    expect(await refusal((await client({ Action: 'apigateway:*' })).send(update))).toBe(
      missing('iam:PassRole', value),
    );
  });
});

describe('CloudFront', () => {
  const client = async (...statements: Statement[]) =>
    cloud.client(CloudFrontClient, await as(cloud, ...statements));

  test('what has an id is a resource, lists and creations are not', async () => {
    const cdn = await client({ Action: 'cloudfront:Create*' });
    const { OriginAccessControl } = await cdn.send(
      new CreateOriginAccessControlCommand({
        OriginAccessControlConfig: {
          Name: 'oac',
          OriginAccessControlOriginType: 's3',
          SigningBehavior: 'always',
          SigningProtocol: 'sigv4',
        },
      }),
    );
    const Id = OriginAccessControl?.Id ?? '';
    expect(await refusal(cdn.send(new GetOriginAccessControlCommand({ Id })))).toBe(
      `403 AccessDenied: not authorized to perform: cloudfront:GetOriginAccessControl on resource: arn:aws:cloudfront::${ACCOUNT}:origin-access-control/${Id} because no identity-based policy allows the cloudfront:GetOriginAccessControl action`,
    );
    expect(await refusal(cdn.send(new ListDistributionsCommand({})))).toContain(
      'cloudfront:ListDistributions',
    );
  });

  test('an invalidation is of its distribution', async () => {
    const cdn = await client();
    const clear = new CreateInvalidationCommand({
      DistributionId: 'E1',
      InvalidationBatch: { CallerReference: 'a', Paths: { Quantity: 1, Items: ['/*'] } },
    });
    expect(await refusal(cdn.send(clear))).toContain(
      `cloudfront:CreateInvalidation on resource: arn:aws:cloudfront::${ACCOUNT}:distribution/E1 because`,
    );
  });
});
