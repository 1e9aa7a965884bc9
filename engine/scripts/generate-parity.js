import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadScript } from './build.js';

/** Brings the lists in docs/parity.md up to date: `npm run docs`. */
const file = fileURLToPath(new URL('../../docs/parity.md', import.meta.url));
const { withLists } = await loadScript('parity');
writeFileSync(file, await withLists(readFileSync(file, 'utf8')));
