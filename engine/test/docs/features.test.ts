import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const tests = join(__dirname, '..');
const page = readFileSync(join(tests, '..', '..', 'docs', 'parity.md'), 'utf8');
const [, part = ''] =
  /<!-- features of API Gateway: begin -->([\s\S]*?)<!-- features of API Gateway: end -->/.exec(page) ?? [];

/** The rows that say something: not the heads, and not the names of groups. */
const rows = part
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:feature|---|\*\*)/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test('docs/parity.md has a table of API Gateway', () => {
  expect(rows.length).toBeGreaterThan(60);
});

test.each(rows)('%s: %s', (_feature, here, note, shownBy) => {
  expect(here).toMatch(/^(?:yes|partly|no)$/);
  // What is there in part only says what is missing.
  if (here === 'partly') expect(note).not.toBe('');
  const named = [...(shownBy ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !existsSync(join(tests, name)))).toEqual([]);
});
