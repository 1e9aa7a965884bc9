import { APIGatewayClient, PutIntegrationCommand } from '@aws-sdk/client-api-gateway';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { signedFetch } from '../apigateway/signed';
import { as, type newRole } from '../identity/callers';
import { Bed, custom, gatewayRole } from './integrations-bed';

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
});
afterAll(() => bed.stop());

/** https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html#apigw-PutIntegration-request-credentials */
test('the caller’s own credentials go on to the service', async () => {
  const api = await bed.newApi();
  const credentials = 'arn:aws:iam::*:user/*';
  const integration = {
    type: 'AWS' as const,
    integrationHttpMethod: 'POST',
    uri: 'arn:aws:apigateway:us-east-1:ssm:action/GetParameter',
    credentials,
    requestTemplates: { 'application/json': '{"Name": "/mine"}' },
  };
  const responses = [{}, { statusCode: '403', selectionPattern: '4\\d{2}' }];
  await custom(api, 'GET', '/mine', integration, { method: { authorizationType: 'AWS_IAM' }, responses });
  await custom(api, 'GET', '/anybody', integration, { responses });
  await api.deploy();
  await bed.cloud
    .client(SSMClient)
    .send(new PutParameterCommand({ Name: '/mine', Value: 'yes', Type: 'String' }));
  const invoke = { Action: 'execute-api:Invoke', Resource: '*' };
  const may = await as(bed.cloud, invoke, { Action: 'ssm:GetParameter', Resource: '*' });
  const mayNot = await as(bed.cloud, invoke);
  const found = await signedFetch(api.url('/mine'), may);
  expect([found.status, await found.json()]).toEqual([
    200,
    expect.objectContaining({ Parameter: expect.objectContaining({ Value: 'yes' }) }),
  ]);
  expect((await signedFetch(api.url('/mine'), mayNot)).status).toBe(403);
  // Who does not sign has no credentials to go on.
  expect((await api.fetch('/anybody')).status).toBe(500);
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
test('who gives an integration a role must be allowed to pass it', async () => {
  const api = await bed.newApi();
  const where = await api.method('GET', '/', { type: 'MOCK' });
  const role = await gatewayRole(bed, 'passed', []);
  const put = async (...statements: Parameters<typeof newRole>[1][]) => {
    const { credentials } = await as(bed.cloud, { Action: 'apigateway:*' }, ...statements);
    const client = bed.cloud.client(APIGatewayClient, { credentials });
    const uri = 'arn:aws:apigateway:us-east-1:ssm:action/GetParameter';
    return client.send(
      new PutIntegrationCommand({
        ...where,
        type: 'AWS',
        integrationHttpMethod: 'POST',
        uri,
        credentials: role,
      }),
    );
  };
  await expect(put()).rejects.toThrow(/not authorized to perform: iam:PassRole on resource/);
  const passed = {
    Action: 'iam:PassRole',
    Resource: role,
    Condition: { StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' } },
  };
  expect((await put(passed)).credentials).toBe(role);
});
