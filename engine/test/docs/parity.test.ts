import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLists } from '../../scripts/parity';

test('docs/parity.md lists what is implemented (npm run docs brings it up to date)', async () => {
  const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'parity.md'), 'utf8');
  expect(page).toBe(await withLists(page));
});
