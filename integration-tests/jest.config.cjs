const base = require('../jest.config.cjs');

/** End-to-end tests: one deployment for the whole run. `npm test -w @tierkit/integration-tests` */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: __dirname,
  roots: ['<rootDir>'],
  testMatch: ['**/suites/*.e2e.ts'],
  globalSetup: '<rootDir>/support/start.ts',
  globalTeardown: '<rootDir>/support/stop.ts',
  testTimeout: 60_000,
};
