import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddPermissionCommand, GetPolicyCommand } from '@aws-sdk/client-lambda';
import { startCloud } from '../../src/testing';
import { Lambda, lambdaRole } from './support';

test('a policy that an earlier version kept as statements is the same policy', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'lambda-'));
  const statement = {
    Sid: 'old',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  };
  const before = await startCloud({ stateDirectory });
  await new Lambda(before, await lambdaRole(before)).create('f', 'exports.handler = async () => 1');
  const store = before.cloud.database.store('lambda', '000000000000', 'us-east-1');
  store.collection('policies').put(['f', ''], { statements: [statement] });
  await before.stop();
  const after = await startCloud({ stateDirectory });
  try {
    const { client } = new Lambda(after, '');
    const policy = async () =>
      JSON.parse((await client.send(new GetPolicyCommand({ FunctionName: 'f' }))).Policy ?? '');
    expect(await policy()).toEqual({ Version: '2012-10-17', Id: 'default', Statement: [statement] });
    await client.send(
      new AddPermissionCommand({
        FunctionName: 'f',
        StatementId: 'new',
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
      }),
    );
    expect((await policy()).Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual(['old', 'new']);
  } finally {
    await after.stop();
    await rm(stateDirectory, { recursive: true });
  }
});
