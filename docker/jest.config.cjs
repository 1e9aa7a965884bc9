/** The image's own suite: `npm run test:image`. It builds the image and needs a Docker Engine; without one it says so. */
const { projects } = require('../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  ...projects[0],
  displayName: 'image',
  rootDir: __dirname,
  globalSetup: '<rootDir>/test/build.ts',
  maxWorkers: 1,
  testTimeout: 180_000,
};
