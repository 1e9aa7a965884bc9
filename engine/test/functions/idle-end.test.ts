import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ManualClock } from '../../src/kernel';
import { startCloud } from '../../src/testing';
import { Lambda, lambdaRole } from '../lambda/support';

test('who comes as an idle environment ends gets a new one', async () => {
  const clock = new ManualClock(Date.now());
  const cloud = await startCloud({ clock });
  try {
    const lambda = new Lambda(cloud, await lambdaRole(cloud));
    await lambda.create('counts', 'let n = 0; exports.handler = async () => ++n;');
    const invoke = async () => {
      const { FunctionError, Payload } = await lambda.client.send(
        new InvokeCommand({ FunctionName: 'counts' }),
      );
      return { FunctionError, said: Buffer.from(Payload ?? []).toString() };
    };
    expect(await invoke()).toEqual({ FunctionError: undefined, said: '1' });
    expect(await invoke()).toEqual({ FunctionError: undefined, said: '2' });
    clock.advance(360_000);
    expect(await invoke()).toEqual({ FunctionError: undefined, said: '1' });
  } finally {
    await cloud.stop();
  }
});
