#!/usr/bin/env node
import './check-node.js';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Since Node 22: an eighth less work at the start. Where the package may not be written to, it goes without.
module.enableCompileCache?.(fileURLToPath(new URL('../.cache/compiled', import.meta.url)));

// Imported late, so that an old Node never sees what it cannot read.
import('../scripts/fresh-build.js')
  .then((build) => build.ensure())
  // The published package has nothing to build from, and no script that would.
  .catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  })
  .then(() => import('../dist/cli.js'))
  .then((cli) => cli.main(process.argv.slice(2)))
  .catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
