import type { RunResult } from '../support/results';
import { summary, table, targetsIn, withTable } from '../support/table';

const result = (target: string, statuses: Record<string, RunResult['tests'][number]['status']>, skips = {}) =>
  ({
    target,
    upSeconds: 1,
    testSeconds: 1,
    skips,
    tests: Object.entries(statuses).map(([test, status]) => ({ suite: 'shows', test, status })),
  }) satisfies RunResult;

const embedded = result('embedded', { 'is | listed': 'passed', sells: 'passed', waits: 'passed' });
const localstack = result(
  'localstack',
  { 'is | listed': 'passed', sells: 'failed', waits: 'skipped', flies: 'skipped' },
  { 'shows › waits': 'there is no cache', 'shows › flies': 'there is no cache' },
);

test('test × target, with each reason once', () => {
  expect(table([embedded, localstack], [{ target: 'aws', reason: 'it costs money' }])).toBe(
    [
      '| test | embedded | localstack |',
      '| --- | :---: | :---: |',
      '| shows: is \\| listed | ✔ | ✔ |',
      '| shows: sells | ✔ | ✖ |',
      '| shows: waits | ✔ | – (1) |',
      '| shows: flies | – (2) | – (1) |',
      '',
      '✔ passed, ✖ failed, – skipped:',
      '',
      '1. there is no cache',
      '2. is not among the tests that ran on embedded',
      '- aws was not run: it costs money',
    ].join('\n'),
  );
});

test('a suite’s reason holds for its tests', () => {
  const skipped = result('image', { sells: 'skipped' }, { shows: 'no shows here' });
  expect(table([skipped])).toContain('1. no shows here');
});

test('the summary is a line that counts', () => {
  expect(summary(localstack)).toBe('localstack: 1 passed, 1 failed, 2 skipped');
});

test('replaces the table of a page, and nothing else', () => {
  const page = 'a\n<!-- targets, by `make parity`: begin -->\nold\n<!-- targets: end -->\nb\n';
  const once = withTable(page, table([embedded, localstack]));
  expect(targetsIn(once)).toEqual(['embedded', 'localstack']);
  expect(once).toMatch(/^a\n<!--.*\nb\n$/s);
  expect(once).not.toContain('old');
  expect(withTable(once, 'x')).toBe(page.replace('old', '\nx\n'));
  expect(targetsIn(page)).toEqual([]);
  expect(() => withTable('bare', 'x')).toThrow(/lacks the lines/);
});
