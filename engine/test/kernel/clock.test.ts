import { ManualClock, systemClock } from '../../src/kernel';

const DAY = 24 * 3600 * 1000;

describe('the clock of the system', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('waits as long as it is told, also longer than a timer of Node can', () => {
    const work = jest.fn();
    systemClock.after(60 * DAY, work);
    jest.advanceTimersByTime(60 * DAY - 1);
    expect(work).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(work).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('lets go of a wait at any time of it', () => {
    const work = jest.fn();
    const cancel = systemClock.after(60 * DAY, work);
    jest.advanceTimersByTime(30 * DAY);
    cancel();
    jest.advanceTimersByTime(60 * DAY);
    expect(work).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('runs short waits in their order', () => {
    const order: string[] = [];
    systemClock.after(20, () => order.push('later'));
    systemClock.after(10, () => order.push('sooner'));
    jest.advanceTimersByTime(20);
    expect(order).toEqual(['sooner', 'later']);
  });
});

test('a manual clock runs what came due, in order and at its time, also what was asked for meanwhile', () => {
  const clock = new ManualClock(0);
  const ran: [string, number][] = [];
  const note = (name: string) => () => ran.push([name, clock.millis()]);
  clock.after(60 * DAY, note('far'));
  clock.after(2000, note('second'));
  clock.after(1000, () => {
    note('first')();
    clock.after(500, note('between'));
  });
  const cancel = clock.after(1500, note('never'));
  cancel();
  clock.advance(2000);
  expect(ran).toEqual([
    ['first', 1000],
    ['between', 1500],
    ['second', 2000],
  ]);
  clock.advance(60 * DAY);
  expect(ran.at(-1)).toEqual(['far', 60 * DAY]);
});
