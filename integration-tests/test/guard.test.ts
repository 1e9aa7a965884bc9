import { asker, callersAccount, confirm } from '../targets/aws/guard';
import { EXIT } from '../targets/target';

const account = { id: '123456789012', arn: 'arn', region: 'eu-central-1', endpoint: undefined };
const refusal = (message: RegExp) => ({
  exitCode: EXIT.refused,
  message: expect.stringMatching(message),
});

describe('confirm', () => {
  const unasked = () => Promise.reject(new Error('nobody must be asked'));

  test('the account named beforehand is enough', async () => {
    await confirm(account, { yes: account.id, ask: unasked });
  });

  test('another account named beforehand is refused, also at a terminal', async () => {
    await expect(confirm(account, { yes: '999999999999', ask: unasked })).rejects.toMatchObject(
      refusal(/names the account 999999999999, but the credentials are of 123456789012/),
    );
  });

  test('a bare "yes" is no account', async () => {
    await expect(confirm(account, { yes: 'yes', ask: undefined })).rejects.toMatchObject(refusal(/names/));
  });

  test.each(['', 'y', 'yes', '123456789013', '12345678901'])('typing "%s" is refused', async (typed) => {
    await expect(confirm(account, { yes: undefined, ask: async () => typed })).rejects.toMatchObject(
      refusal(/that is not the account id/),
    );
  });

  test('typing the account is enough', async () => {
    await confirm(account, { yes: undefined, ask: async () => ' 123456789012\n' });
  });

  test('where nobody can be asked, it says how to go on', async () => {
    await expect(confirm(account, { yes: undefined, ask: undefined })).rejects.toMatchObject(
      refusal(/npm run test:aws -- --yes 123456789012 \(or TIERKIT_AWS_YES=123456789012\)/),
    );
  });
});

test('in CI nobody is asked', () => {
  expect(asker({ CI: 'true' }, new AbortController().signal)).toBeUndefined();
});

test('without credentials it says so in one line', async () => {
  const saved = { ...process.env };
  const none = { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
  Object.assign(process.env, none, { AWS_EC2_METADATA_DISABLED: 'true' });
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) delete process.env[name];
  try {
    await expect(callersAccount({ AWS_REGION: 'eu-central-1' })).rejects.toMatchObject({
      exitCode: EXIT.unavailable,
      message: expect.stringMatching(/^target aws: the account could not be found out .*Log in first.*$/),
    });
  } finally {
    process.env = saved;
  }
});
