import { startCloud, type TestCloud } from '../../src/testing';
import { Lambda, lambdaRole } from './support';

let cloud: TestCloud;
let lambda: Lambda;

beforeAll(async () => {
  cloud = await startCloud();
  lambda = new Lambda(cloud, await lambdaRole(cloud));
});
afterAll(() => cloud.stop());

describe('an invocation', () => {
  test('runs the handler with the event and gives its value and log', async () => {
    await lambda.create(
      'echo',
      'exports.handler = async (event) => { console.log("hi", event.a); return event; };',
    );
    const cold = await lambda.invoke('echo', { a: 1 });
    expect(cold).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', value: { a: 1 } });
    expect(cold.FunctionError).toBeUndefined();
    const id = cold.$metadata.requestId;
    expect(cold.log).toContain(`START RequestId: ${id} Version: $LATEST\n`);
    expect(cold.log).toMatch(new RegExp(`T[\\d:.]+Z\t${id}\tINFO\thi 1\nEND RequestId: ${id}\n`));
    expect(cold.log).toMatch(
      /REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t\n$/,
    );
    const warm = await lambda.invoke('echo');
    expect(warm.log).not.toContain('Init Duration');
  });

  test('acts as the role, with the SDK that Lambda has', async () => {
    await lambda.create(
      'whoami',
      `const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
       exports.handler = async () => (await new STSClient().send(new GetCallerIdentityCommand({}))).Arn;`,
    );
    const { value } = await lambda.invoke('whoami');
    expect(value).toBe('arn:aws:sts::000000000000:assumed-role/lambda-role/whoami');
  });
});
