import { join } from 'node:path';

/** The folder of the `tierkit` package: this file lies in engine/src, its bundle in engine/dist. */
export const packageRoot = join(__dirname, '..');
