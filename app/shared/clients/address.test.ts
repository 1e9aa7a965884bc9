import type { SSMClient } from '@aws-sdk/client-ssm';
import { AddressParameter } from './address';

/** A Parameter Store that answers in order: with a value, or by throwing an error. */
function parameter(...answers: (string | Error)[]) {
  const asked: unknown[] = [];
  const send = async (command: { input: unknown }) => {
    asked.push(command.input);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return { Parameter: { Value: answer } };
  };
  const client = { send } as unknown as Pick<SSMClient, 'send'>;
  return { asked, address: new AddressParameter('/theatre/cache', client) };
}

test('is asked for once, and again after it was forgotten', async () => {
  const { asked, address } = parameter('cache.internal:6379', 'other.internal:6380');
  expect([await address.get(), await address.get()]).toEqual([
    { host: 'cache.internal', port: 6379 },
    { host: 'cache.internal', port: 6379 },
  ]);
  expect(asked).toEqual([{ Name: '/theatre/cache' }]);
  address.forget();
  expect(await address.get()).toEqual({ host: 'other.internal', port: 6380 });
});

test('is asked for again after an answer that was none', async () => {
  const { address } = parameter(new Error('ThrottlingException'), 'unknown', 'cache.internal:6379');
  await expect(address.get()).rejects.toThrow('ThrottlingException');
  await expect(address.get()).rejects.toThrow('The parameter /theatre/cache is no address: unknown');
  expect(await address.get()).toEqual({ host: 'cache.internal', port: 6379 });
});
