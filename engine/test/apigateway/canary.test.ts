import {
  CreateDeploymentCommand,
  GetStageCommand,
  type PatchOperation,
  PutIntegrationResponseCommand,
  PutMethodResponseCommand,
  UpdateIntegrationResponseCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { Bed, type TestApi } from './support';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html */
let bed: Bed;

beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed.stop());

const body = (version: string) => `${version} $stageVariables.color $context.isCanaryRequest`;

/** An API whose one method says which version it is. */
async function versioned(): Promise<{ api: TestApi; first: string; change(version: string): Promise<void> }> {
  const api = await bed.newApi();
  const where = await api.method('GET', '/version', {
    type: 'MOCK',
    requestTemplates: { 'application/json': '{"statusCode":200}' },
  });
  await bed.api.send(new PutMethodResponseCommand({ ...where, statusCode: '200' }));
  const responseTemplates = { 'application/json': body('one') };
  await bed.api.send(new PutIntegrationResponseCommand({ ...where, statusCode: '200', responseTemplates }));
  const { id = '' } = await bed.api.send(
    new CreateDeploymentCommand({ restApiId: api.id, stageName: 'prod', variables: { color: 'red' } }),
  );
  return {
    api,
    first: id,
    async change(version) {
      await bed.api.send(
        new UpdateIntegrationResponseCommand({
          ...where,
          statusCode: '200',
          patchOperations: [
            { op: 'replace', path: '/responseTemplates/application~1json', value: body(version) },
          ],
        }),
      );
    },
  };
}

const update = (api: TestApi, ...patchOperations: PatchOperation[]) =>
  bed.api.send(new UpdateStageCommand({ restApiId: api.id, stageName: 'prod', patchOperations }));

async function answers(api: TestApi, times: number): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (let left = times; left > 0; left -= 1) {
    const text = await (await api.fetch('/version')).text();
    seen.set(text, (seen.get(text) ?? 0) + 1);
  }
  return seen;
}

async function withCanary(percentTraffic: number) {
  const made = await versioned();
  await made.change('two');
  const { id = '' } = await bed.api.send(
    new CreateDeploymentCommand({
      restApiId: made.api.id,
      stageName: 'prod',
      canarySettings: { percentTraffic, stageVariableOverrides: { color: 'blue' } },
    }),
  );
  return { ...made, second: id };
}

test('a canary takes its share, with its own deployment and variables', async () => {
  const { api, first, second } = await withCanary(30);
  const { canarySettings, deploymentId } = await bed.api.send(
    new GetStageCommand({ restApiId: api.id, stageName: 'prod' }),
  );
  expect(deploymentId).toBe(first);
  expect(canarySettings).toEqual({
    deploymentId: second,
    percentTraffic: 30,
    stageVariableOverrides: { color: 'blue' },
    useStageCache: false,
  });
  const seen = await answers(api, 300);
  expect([...seen.keys()].sort()).toEqual(['one red false', 'two blue true']);
  // 90 of 300 are expected; outside of 50 and 135 a fair draw falls less than once in ten million runs.
  expect(seen.get('two blue true')).toBeGreaterThan(50);
  expect(seen.get('two blue true')).toBeLessThan(135);

  await update(api, { op: 'replace', path: '/canarySettings/percentTraffic', value: '100' });
  expect([...(await answers(api, 5)).keys()]).toEqual(['two blue true']);
  await update(api, { op: 'replace', path: '/canarySettings/percentTraffic', value: '0.0' });
  expect([...(await answers(api, 5)).keys()]).toEqual(['one red false']);
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/promote-canary-deployment.html */
test('a canary is promoted', async () => {
  const { api, second } = await withCanary(50);
  const stage = await update(
    api,
    { op: 'copy', from: '/canarySettings/stageVariableOverrides', path: '/variables' },
    { op: 'copy', from: '/canarySettings/deploymentId', path: '/deploymentId' },
    { op: 'remove', path: '/canarySettings' },
  );
  expect(stage).toMatchObject({ deploymentId: second, variables: { color: 'blue' } });
  expect(stage).not.toHaveProperty('canarySettings');
  expect([...(await answers(api, 5)).keys()]).toEqual(['two blue ']);
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/delete-canary-deployment.html */
test('a canary is taken back, and a stage goes back to an older deployment', async () => {
  const { api, first, change } = await withCanary(100);
  await update(api, { op: 'remove', path: '/canarySettings' });
  expect([...(await answers(api, 3)).keys()]).toEqual(['one red ']);
  await change('three');
  await api.deploy();
  expect([...(await answers(api, 1)).keys()]).toEqual(['three red ']);
  await update(api, { op: 'replace', path: '/deploymentId', value: first });
  expect([...(await answers(api, 1)).keys()]).toEqual(['one red ']);
});

describe('is refused', () => {
  const message = (sent: Promise<unknown>) =>
    sent.then(
      () => 'was accepted',
      (error: Error) => error.message,
    );

  test('without its stage', async () => {
    const { api } = await versioned();
    const deploy = (stageName: string | undefined) =>
      message(
        bed.api.send(
          new CreateDeploymentCommand({
            restApiId: api.id,
            stageName,
            canarySettings: { percentTraffic: 1 },
          }),
        ),
      );
    expect(await deploy(undefined)).toBe(
      'Invalid deployment content specified.Non null and non empty stageName must be provided for canary deployment. Provided value is null',
    );
    expect(await deploy('nope')).toBe(
      'Invalid deployment content specified.Stage nope must already be created before making a canary release deployment',
    );
  });

  test('where a patch makes no sense', async () => {
    const { api } = await versioned();
    const patched = (patch: PatchOperation) => message(update(api, patch));
    const path = '/canarySettings/deploymentId';
    expect(await patched({ op: 'add', path, value: 'x' })).toBe(
      'Invalid add operation with path: /canarySettings/deploymentId',
    );
    expect(await patched({ op: 'replace', path, value: 'x' })).toBe('Deployment id does not exist');
    expect(await patched({ op: 'remove', path: '/canarySettings/stageVariableOverrides' })).toBe(
      'Cannot remove method setting canarySettings/stageVariableOverrides because there is no method setting for this method ',
    );
    expect(await patched({ op: 'replace', path: '/canarySettings/badPath', value: 'x' })).toMatch(
      /^Invalid method setting path: \/canarySettings\/badPath\. Must be one of: \[/,
    );
    expect(await patched({ op: 'replace', path: '/canarySettings/percentTraffic', value: '101' })).toMatch(
      /between 0\.0 and 100\.0/,
    );
  });
});
