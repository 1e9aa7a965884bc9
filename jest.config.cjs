/** Every workspace's unit tests. The end-to-end suites need a deployment: `npm run test:integration` makes it. */

// Said once a test file, of a Node that tierkit supports.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const transform = {
  '^.+\\.(ts|tsx)$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', tsx: true },
        transform: { react: { runtime: 'automatic' } },
      },
      module: { type: 'commonjs' },
    },
  ],
};

const project = (name) => ({
  displayName: name,
  rootDir: `${__dirname}/${name}`,
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/cdk.out/'],
  modulePathIgnorePatterns: ['/dist/', '/cdk.out/', '/.tierkit/'],
  transform,
});

/** @type {import('jest').Config} */
module.exports = {
  projects: ['engine', 'app', 'infra', 'localstack', 'bench', 'integration-tests'].map(project),
  testTimeout: 30_000,
  // A worker a core; each begins anew once it has grown large, as one process for all slows down with its heap.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1GB',
};
