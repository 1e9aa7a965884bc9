import { Bench } from './support';

let bench: Bench;
beforeAll(() => {
  bench = new Bench(9, { executor: 'docker' });
});
afterAll(() => bench.close());

test('handler', async () => {
  const spec = await bench.spec({
    'index.js':
      'exports.handler = async (e, c) => { console.log("hi", 1); console.log("a\\nb"); return { env: process.env, uid: process.getuid(), cwd: process.cwd(), e, left: c.getRemainingTimeInMillis() }; }',
  });
  const r = await bench.call(spec, { a: 1 });
  console.log(r.value, r.functionError, r.logTail);
  for (let i = 0; i < 2; i++) {
    const t = performance.now();
    const q = await bench.call(spec, { a: 1 });
    console.log(performance.now() - t, q.logTail);
  }
}, 30000);
