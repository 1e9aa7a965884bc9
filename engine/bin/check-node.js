// Plain syntax only: this file must be able to tell an old Node that it is too old.
var need = [20, 19];
var have = process.versions.node.split('.').map(Number);
if (have[0] < need[0] || (have[0] === need[0] && have[1] < need[1])) {
  console.error(
    'tierkit needs Node.js ' +
      need.join('.') +
      ' or later; this is ' +
      process.version +
      '. Get one from https://nodejs.org (22 is a good choice).',
  );
  process.exit(1);
}
