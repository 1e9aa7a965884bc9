/**
 * The end-to-end suites, against a deployment that the runner made: `npm run test:integration`.
 * One after the other: they share one system.
 */
/** @type {import('jest').Config} */
module.exports = {
  displayName: 'integration-tests',
  rootDir: __dirname,
  testEnvironment: '<rootDir>/support/environment.ts',
  testSequencer: '<rootDir>/support/sequencer.cjs',
  testMatch: ['<rootDir>/suites/*.e2e.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
};
