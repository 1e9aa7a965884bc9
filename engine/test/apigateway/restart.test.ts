import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { startCloud } from '../../src/testing';

test('a deployed API answers after a restart before anybody called API Gateway', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'api-'));
  const first = await startCloud({ stateDirectory });
  const client = first.client(APIGatewayClient);
  const { id: restApiId, rootResourceId: resourceId } = await client.send(
    new CreateRestApiCommand({ name: 'kept' }),
  );
  const where = { restApiId, resourceId, httpMethod: 'GET' };
  await client.send(new PutMethodCommand({ ...where, authorizationType: 'NONE' }));
  await client.send(new PutMethodResponseCommand({ ...where, statusCode: '200' }));
  await client.send(
    new PutIntegrationCommand({
      ...where,
      type: 'MOCK',
      requestTemplates: {
        'application/json': '{"statusCode": #if($input.params("q") == "x")200#{else}500#end}',
      },
    }),
  );
  await client.send(
    new PutIntegrationResponseCommand({
      ...where,
      statusCode: '200',
      responseTemplates: {
        'application/json': '{"stage":"$context.stage","q":"$util.escapeJavaScript($input.params(\'q\'))"}',
      },
    }),
  );
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: 'v1' }));
  await first.stop();
  const second = await startCloud({ stateDirectory });
  const response = await fetch(`${second.endpoint}/restapis/${restApiId}/v1/_user_request_/?q=x`);
  expect([response.status, await response.json()]).toEqual([200, { stage: 'v1', q: 'x' }]);
  await second.stop();
  await rm(stateDirectory, { recursive: true });
});
