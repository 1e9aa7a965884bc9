import { ManualClock } from '../kernel';
import { PendingLogs } from './pending-logs';

test('what is to be written waits a moment, and is written once', async () => {
  const clock = new ManualClock();
  const pending = new PendingLogs(clock);
  let written = 0;
  const write = async () => {
    written++;
  };
  pending.later(write);
  pending.later(write);
  clock.advance(99);
  expect(written).toBe(0);
  clock.advance(1);
  expect(written).toBe(1);
  pending.later(write);
  clock.advance(100);
  expect(written).toBe(2);
});

test('who asks for it waits for what is being written, too', async () => {
  const clock = new ManualClock();
  const pending = new PendingLogs(clock);
  let written = false;
  let finish = () => {};
  pending.later(
    () =>
      new Promise((done) => {
        finish = () => {
          written = true;
          done();
        };
      }),
  );
  clock.advance(100);
  const flushed = pending.flush().then(() => written);
  finish();
  expect(await flushed).toBe(true);
});

test('who asks does not wait for the moment', async () => {
  const pending = new PendingLogs(new ManualClock());
  let written = false;
  pending.later(async () => {
    written = true;
  });
  await pending.flush();
  expect(written).toBe(true);
});
