/**
 * End-to-end tests: one deployment for the whole run.
 * `npm test -w @tierkit/integration-tests`, or as a project of the root's configuration.
 */
/** @type {import('jest').Config} */
module.exports = {
  displayName: 'integration-tests',
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/suites/*.e2e.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  globalSetup: '<rootDir>/support/start.ts',
  globalTeardown: '<rootDir>/support/stop.ts',
};
