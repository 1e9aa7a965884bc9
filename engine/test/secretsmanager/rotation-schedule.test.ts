import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../src/kernel';
import { nextStart, parseCron } from '../../src/services/secretsmanager/cron';
import { startCloud } from '../../src/testing';
import { logged, newRotator, SAYING, seen } from './rotator';

const HOUR = 3_600_000;

test.each([
  ['0 10 * * ? *', '2026-01-01T10:00:00', '2026-01-02T10:00'],
  ['0 4/12 * * ? *', '2026-01-01T05:00:00', '2026-01-01T16:00'],
  ['0 8 1 * ? *', '2026-01-01T08:00:00', '2026-02-01T08:00'],
  ['0 18 L * ? *', '2026-02-03T00:00:00', '2026-02-28T18:00'],
  ['0 0 ? * SUN *', '2026-01-01T00:00:00', '2026-01-04T00:00'],
  ['0 0 ? FEB,MAY 3#2 *', '2026-01-01T00:00:00', '2026-02-10T00:00'],
  ['0 0 ? 1 6L *', '2026-01-01T00:00:00', '2026-01-30T00:00'],
  ['0 0 29 2 ? *', '2026-01-01T00:00:00', '2028-02-29T00:00'],
])('cron(%s) after %s', (text, after, expected) => {
  const cron = parseCron(text);
  const start = cron && nextStart(cron, Date.parse(`${after}Z`));
  expect(new Date(start ?? 0).toISOString()).toBe(`${expected}:00.000Z`);
});

test.each(['0 10 * * *', '1 10 * * ? *', '0 10 * * ? 2027', '0 24 * * ? *', '0 10 ? * ? *', '0 10 0 * ? *'])(
  'cron(%s) is none',
  (text) => expect(parseCron(text)).toBeUndefined(),
);

test('a window that comes rotates, also after a restart', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'rotation-'));
  // Clients sign by the machine's clock.
  const clock = new ManualClock(Math.floor(Date.now() / HOUR) * HOUR);
  const input = { SecretId: 'scheduled', ClientRequestToken: 'a'.repeat(32) };
  try {
    const first = await startCloud({ stateDirectory, clock });
    const RotationLambdaARN = await newRotator(first, { name: 'scheduled', code: SAYING });
    await first.host().invoke('secretsmanager', 'CreateSecret', {
      Name: 'scheduled',
      ClientRequestToken: 'c'.repeat(32),
      SecretString: 'first',
    });
    const RotationRules = { ScheduleExpression: 'rate(12 hours)' };
    await first.host().invoke('secretsmanager', 'RotateSecret', {
      ...input,
      RotationLambdaARN,
      RotationRules,
      RotateImmediately: false,
    });
    const created = seen(first, logged('step createSecret'));
    clock.advance(12 * HOUR);
    await created;
    await first.stop();
    const second = await startCloud({ stateDirectory, clock });
    const again = seen(second, logged('step createSecret'));
    clock.advance(12 * HOUR);
    const told = await again;
    await second.stop();
    // What the first left pending goes on.
    const { VersionIdsToStages } = await readStages(stateDirectory, clock);
    const pending = Object.entries(VersionIdsToStages ?? {}).find(([, stages]) =>
      stages.includes('AWSPENDING'),
    );
    expect(told).toContain(`step createSecret of ${pending?.[0]}`);
  } finally {
    await rm(stateDirectory, { recursive: true, force: true });
  }
});

async function readStages(stateDirectory: string, clock: ManualClock) {
  const cloud = await startCloud({ stateDirectory, clock });
  const told = await cloud.host().invoke('secretsmanager', 'DescribeSecret', { SecretId: 'scheduled' });
  await cloud.stop();
  return told;
}
