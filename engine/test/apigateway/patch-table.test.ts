import {
  CreateApiKeyCommand,
  CreateAuthorizerCommand,
  CreateBasePathMappingCommand,
  CreateDocumentationPartCommand,
  CreateDocumentationVersionCommand,
  CreateDomainNameCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  type PatchOperation,
  PutIntegrationResponseCommand,
  PutMethodResponseCommand,
  UpdateAccountCommand,
  UpdateApiKeyCommand,
  UpdateAuthorizerCommand,
  UpdateBasePathMappingCommand,
  UpdateDeploymentCommand,
  UpdateDocumentationPartCommand,
  UpdateDocumentationVersionCommand,
  UpdateDomainNameCommand,
  UpdateGatewayResponseCommand,
  UpdateIntegrationCommand,
  UpdateIntegrationResponseCommand,
  UpdateMethodCommand,
  UpdateMethodResponseCommand,
  UpdateModelCommand,
  UpdateRequestValidatorCommand,
  UpdateResourceCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
  UpdateUsageCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { Bed, type TestApi } from './support';

const OPERATIONS = ['add', 'replace', 'remove', 'copy', 'move', 'test'] as const;
type Op = (typeof OPERATIONS)[number];

/** A path, the operations that AWS lists for it, in the order they are tried, and a value. */
type Row = [path: string, supported: string, value: string];

const FUNCTION =
  'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations';
const CERTIFICATE = 'arn:aws:acm:us-east-1:000000000000:certificate/12345678-1234-1234-1234-123456789012';
const PARAMETER = '/requestParameters/method.request.querystring.q';
const MAPPED = '/requestParameters/integration.request.querystring.q';
const HEADER = '/responseParameters/method.response.header.X';

let bed: Bed;
let api: TestApi;
/** By the operation: what patches it, and the resource it is tried on. */
let update: Record<string, (patchOperations: PatchOperation[]) => Promise<unknown>>;

beforeAll(async () => {
  bed = await Bed.start();
  const { api: client } = bed;
  api = await bed.newApi();
  const restApiId = api.id;
  const where = await api.method(
    'GET',
    '/pets',
    { type: 'HTTP', integrationHttpMethod: 'GET', uri: 'http://127.0.0.1:9/' },
    { requestParameters: { 'method.request.querystring.p': false } },
  );
  const answer = { ...where, statusCode: '200' };
  await client.send(
    new PutMethodResponseCommand({ ...answer, responseParameters: { 'method.response.header.X': true } }),
  );
  await client.send(new PutIntegrationResponseCommand(answer));
  await api.deploy();
  const stage = { restApiId, stageName: 'prod' };
  const { deploymentId } = await client.send(new UpdateStageCommand({ ...stage, patchOperations: [] }));
  const { id: apiKey } = await client.send(new CreateApiKeyCommand({ name: 'key' }));
  const plan = await client.send(
    new CreateUsagePlanCommand({
      name: 'plan',
      quota: { limit: 9, period: 'WEEK' },
      apiStages: [{ apiId: restApiId, stage: 'prod' }],
    }),
  );
  const usagePlanId = plan.id!;
  await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: apiKey!, keyType: 'API_KEY' }));
  const { id: authorizerId } = await client.send(
    new CreateAuthorizerCommand({
      restApiId,
      name: 'a',
      type: 'REQUEST',
      authorizerUri: FUNCTION,
      identitySource: 'method.request.header.A',
    }),
  );
  const { id: requestValidatorId } = await client.send(
    new CreateRequestValidatorCommand({ restApiId, name: 'v' }),
  );
  const { id: documentationPartId } = await client.send(
    new CreateDocumentationPartCommand({ restApiId, location: { type: 'API' }, properties: '{"a":1}' }),
  );
  await client.send(new CreateDocumentationVersionCommand({ restApiId, documentationVersion: '1' }));
  await client.send(
    new CreateModelCommand({ restApiId, name: 'M', contentType: 'application/json', schema: '{}' }),
  );
  const domainName = 'patched.example.com';
  await client.send(
    new CreateDomainNameCommand({
      domainName,
      regionalCertificateArn: CERTIFICATE,
      endpointConfiguration: { types: ['REGIONAL'] },
    }),
  );
  await client.send(
    new CreateBasePathMappingCommand({ domainName, restApiId, stage: 'prod', basePath: 'b' }),
  );
  const resourceId = await api.resource('/dogs');
  update = {
    UpdateAccount: (patchOperations) => client.send(new UpdateAccountCommand({ patchOperations })),
    UpdateApiKey: (patchOperations) => client.send(new UpdateApiKeyCommand({ apiKey, patchOperations })),
    UpdateAuthorizer: (patchOperations) =>
      client.send(new UpdateAuthorizerCommand({ restApiId, authorizerId, patchOperations })),
    UpdateBasePathMapping: (patchOperations) =>
      client.send(new UpdateBasePathMappingCommand({ domainName, basePath: 'b', patchOperations })),
    UpdateDeployment: (patchOperations) =>
      client.send(new UpdateDeploymentCommand({ restApiId, deploymentId, patchOperations })),
    UpdateDocumentationPart: (patchOperations) =>
      client.send(new UpdateDocumentationPartCommand({ restApiId, documentationPartId, patchOperations })),
    UpdateDocumentationVersion: (patchOperations) =>
      client.send(
        new UpdateDocumentationVersionCommand({ restApiId, documentationVersion: '1', patchOperations }),
      ),
    UpdateDomainName: (patchOperations) =>
      client.send(new UpdateDomainNameCommand({ domainName, patchOperations })),
    UpdateGatewayResponse: (patchOperations) =>
      client.send(
        new UpdateGatewayResponseCommand({ restApiId, responseType: 'THROTTLED', patchOperations }),
      ),
    UpdateIntegration: (patchOperations) =>
      client.send(new UpdateIntegrationCommand({ ...where, patchOperations })),
    UpdateIntegrationResponse: (patchOperations) =>
      client.send(new UpdateIntegrationResponseCommand({ ...answer, patchOperations })),
    UpdateMethod: (patchOperations) => client.send(new UpdateMethodCommand({ ...where, patchOperations })),
    UpdateMethodResponse: (patchOperations) =>
      client.send(new UpdateMethodResponseCommand({ ...answer, patchOperations })),
    UpdateModel: (patchOperations) =>
      client.send(new UpdateModelCommand({ restApiId, modelName: 'M', patchOperations })),
    UpdateRequestValidator: (patchOperations) =>
      client.send(new UpdateRequestValidatorCommand({ restApiId, requestValidatorId, patchOperations })),
    UpdateResource: (patchOperations) =>
      client.send(new UpdateResourceCommand({ restApiId, resourceId, patchOperations })),
    UpdateRestApi: (patchOperations) => client.send(new UpdateRestApiCommand({ restApiId, patchOperations })),
    UpdateStage: (patchOperations) => client.send(new UpdateStageCommand({ ...stage, patchOperations })),
    UpdateUsage: (patchOperations) =>
      client.send(new UpdateUsageCommand({ usagePlanId, keyId: apiKey, patchOperations })),
    UpdateUsagePlan: (patchOperations) =>
      client.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations })),
  };
});
afterAll(() => bed.stop());

const STAGE_SETTINGS: Row[] = ['/~1pets/GET', '/*/*'].flatMap((method): Row[] => [
  [`${method}/metrics/enabled`, 'replace', 'true'],
  [`${method}/logging/dataTrace`, 'replace', 'false'],
  [`${method}/logging/loglevel`, 'replace', 'OFF'],
  [`${method}/throttling/burstLimit`, 'replace', '5'],
  [`${method}/throttling/rateLimit`, 'replace', '5'],
  [`${method}/caching/enabled`, 'replace', 'true'],
  [`${method}/caching/dataEncrypted`, 'replace', 'true'],
  [`${method}/caching/ttlInSeconds`, 'replace', '60'],
  [`${method}/caching/requireAuthorizationForCacheControl`, 'replace', 'false'],
  [`${method}/caching/unauthorizedCacheControlHeaderStrategy`, 'replace', 'FAIL_WITH_403'],
]);

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html */
const TABLE: Record<string, Row[]> = {
  UpdateApiKey: [
    ['/customerId', 'replace', 'c'],
    ['/description', 'replace', 'd'],
    ['/enabled', 'replace', 'true'],
    ['/name', 'replace', 'n'],
  ],
  UpdateAuthorizer: [
    ['/authorizerUri', 'replace', FUNCTION],
    ['/authorizerResultTtlInSeconds', 'replace', '10'],
    ['/authType', 'replace', 'custom'],
    ['/identitySource', 'replace', 'method.request.header.B'],
    ['/name', 'replace', 'b'],
  ],
  UpdateBasePathMapping: [['/stage', 'replace', 'prod']],
  UpdateDeployment: [['/description', 'replace', 'd']],
  UpdateDocumentationPart: [['/properties', 'replace', '{"a":2}']],
  UpdateDocumentationVersion: [['/description', 'replace', 'd']],
  UpdateDomainName: [['/regionalCertificateArn', 'replace', CERTIFICATE]],
  UpdateGatewayResponse: [
    ['/statusCode', 'replace', '430'],
    ['/responseParameters/gatewayresponse.header.X', 'add replace remove', "'x'"],
    ['/responseTemplates/text~1plain', 'add replace remove', 'x'],
  ],
  UpdateIntegration: [
    ['/cacheKeyParameters/method.request.querystring.p', 'add remove', ''],
    ['/cacheNamespace', 'replace', 'space'],
    ['/contentHandling', 'replace', 'CONVERT_TO_TEXT'],
    ['/httpMethod', 'replace', 'POST'],
    ['/passthroughBehavior', 'replace', 'NEVER'],
    [MAPPED, 'add replace remove', 'method.request.querystring.p'],
    ['/requestTemplates/application~1json', 'add replace remove', '{}'],
    ['/timeoutInMillis', 'replace', '500'],
    ['/tlsConfig/insecureSkipVerification', 'replace', 'true'],
    ['/type', '', 'MOCK'],
    ['/uri', 'replace', 'http://127.0.0.1:9/x'],
  ],
  UpdateIntegrationResponse: [
    ['/contentHandling', 'replace', 'CONVERT_TO_TEXT'],
    [HEADER, 'add replace remove', "'x'"],
    ['/responseTemplates/application~1json', 'add replace remove', '{}'],
    ['/selectionPattern', 'replace', '2..'],
  ],
  UpdateMethod: [
    ['/authorizationType', 'replace', 'AWS_IAM'],
    ['/apiKeyRequired', 'replace', 'true'],
    ['/operationName', 'replace', 'getPets'],
    [PARAMETER, 'add replace remove', 'true'],
    ['/requestModels/application~1json', 'add replace remove', 'Empty'],
  ],
  UpdateMethodResponse: [
    ['/responseModels/application~1json', 'add replace remove', 'Empty'],
    ['/responseParameters/method.response.header.Y', 'add replace remove', 'true'],
  ],
  UpdateModel: [
    ['/description', 'replace', 'd'],
    ['/schema', 'replace', '{"type":"object"}'],
  ],
  UpdateRequestValidator: [
    ['/name', 'replace', 'w'],
    ['/validateRequestBody', 'replace', 'true'],
    ['/validateRequestParameters', 'replace', 'true'],
  ],
  UpdateResource: [['/pathPart', 'replace', 'cats']],
  UpdateRestApi: [
    ['/apiKeySource', 'replace', 'AUTHORIZER'],
    ['/binaryMediaTypes/image~1png', 'add replace remove', 'image/gif'],
    ['/description', 'add replace remove', 'd'],
    ['/disableExecuteApiEndpoint', 'replace', 'false'],
    ['/minimumCompressionSize', 'replace', '5'],
    ['/name', 'replace', 'n'],
  ],
  UpdateStage: [
    ['/cacheClusterSize', 'replace', '0.5'],
    ['/canarySettings', '', '{}'],
    ['/canarySettings/percentTraffic', 'replace', '10'],
    ['/canarySettings/useStageCache', 'replace', 'true'],
    ['/description', 'replace', 'd'],
    ['/tracingEnabled', 'replace', 'true'],
    ...STAGE_SETTINGS,
  ],
  UpdateUsage: [['/remaining', 'replace', '5']],
  UpdateUsagePlan: [
    ['/description', 'replace', 'd'],
    ['/name', 'replace', 'n'],
    ['/quota/limit', 'add replace', '7'],
    ['/quota/offset', 'add replace', '1'],
    ['/quota/period', 'add replace', 'MONTH'],
    ['/quota', 'remove', '{}'],
    ['/throttle/burstLimit', 'add replace', '7'],
    ['/throttle/rateLimit', 'add replace', '7'],
    ['/throttle', 'remove', '{}'],
  ],
};

describe.each(Object.entries(TABLE))('%s', (operation, rows) => {
  const tried = async (op: Op, path: string, value: string) => {
    const patch: PatchOperation = { op, path, ...(op === 'remove' ? {} : { value }) };
    if (op === 'copy' || op === 'move') patch.from = path;
    try {
      await update[operation]!([patch]);
      return 'supported';
    } catch (error) {
      return error instanceof Error && error.name === 'BadRequestException' ? 'refused' : error;
    }
  };

  test.each(rows)('%s: %s', async (path, supported, value) => {
    const listed = supported.split(' ');
    const outcome: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const op of OPERATIONS) {
      outcome[op] = await tried(op, path, value);
      expected[op] = listed.includes(op) ? 'supported' : 'refused';
    }
    expect(outcome).toEqual(expected);
  });
});
