import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { XRayClient } from '@aws-sdk/client-xray';
import { startCloud, type TestCloud } from '../../src/testing';
import { describeWith } from '../docker/available';
import { lambdaRole, zip } from '../lambda/support';
import { byOrigin, rootOf, SENDS, segmentsOf } from './support';

jest.setTimeout(60_000);

describeWith('public.ecr.aws/lambda/nodejs:20')('a traced function in a container', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startCloud({ environmentLimits: { executor: 'docker' } });
  });
  afterAll(() => cloud.stop());

  test('sends segments of its own', async () => {
    const lambda = cloud.client(LambdaClient);
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'sends',
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: await lambdaRole(cloud),
        Timeout: 30,
        Code: { ZipFile: zip({ 'index.js': SENDS }) },
        TracingConfig: { Mode: 'Active' },
      }),
    );
    const { Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: 'sends', Payload: Buffer.from('{"count":2}') }),
    );
    const trace = String(JSON.parse(Buffer.from(Payload ?? []).toString()));
    const segments = await segmentsOf(cloud.client(XRayClient), rootOf(trace));
    const own = byOrigin(segments, 'AWS::Lambda::Function');
    const invocation = own?.subsegments?.find(({ name }) => name === 'Invocation');
    expect(invocation?.subsegments).toMatchObject([
      { annotations: { seat: 'A0' } },
      { annotations: { seat: 'A1' } },
    ]);
    expect(own?.subsegments?.map(({ name }) => name)).toContain('Initialization');
  });
});
