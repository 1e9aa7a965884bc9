const { default: Sequencer } = require('@jest/test-sequencer');

/** By name, on every machine alike: the run on the box office, which leaves a slow target out of breath, comes last. */
module.exports = class extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
};
