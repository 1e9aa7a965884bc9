import fc from 'fast-check';
import { cycle, inOrder, reversed } from '../../src/templates/graph';

/** Graphs without cycles: every node needs only earlier ones. */
const acyclic = fc
  .array(fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
  .map(
    (needs) =>
      new Map(
        needs.map((list, n) => [`n${n}`, new Set(list.filter((need) => need < n).map((need) => `n${need}`))]),
      ),
  );

test('every node runs once, after all it needs', async () => {
  await fc.assert(
    fc.asyncProperty(acyclic, async (graph) => {
      const ended = new Set<string>();
      const { done, failed } = await inOrder(graph, async (id) => {
        for (const need of graph.get(id) ?? []) expect(ended).toContain(need);
        expect(ended).not.toContain(id);
        await Promise.resolve();
        ended.add(id);
      });
      expect([...done].sort()).toEqual([...graph.keys()].sort());
      expect(failed.size).toBe(0);
      expect(cycle(graph)).toEqual([]);
    }),
  );
});

test('after a failure nothing starts that was not at work', async () => {
  await fc.assert(
    fc.asyncProperty(acyclic, fc.nat(), async (graph, pick) => {
      const bad = [...graph.keys()][pick % graph.size] ?? '';
      let broken = false;
      const { done, failed } = await inOrder(
        graph,
        async (id) => {
          expect(broken).toBe(false);
          await Promise.resolve();
          if (id === bad) throw new Error('no');
        },
        () => {
          broken = true;
        },
      );
      expect([...failed.keys()]).toEqual([bad]);
      for (const id of done) expect(graph.get(id)?.has(bad)).not.toBe(true);
    }),
  );
});

test('what does not wait for a failure goes on where asked', async () => {
  const graph = new Map([
    ['a', new Set<string>()],
    ['b', new Set(['a'])],
    ['c', new Set<string>()],
    ['d', new Set(['c'])],
  ]);
  const { done } = await inOrder(
    graph,
    async (id) => {
      if (id === 'a') throw new Error('no');
    },
    () => {},
    true,
  );
  expect([...done].sort()).toEqual(['c', 'd']);
});

test('nodes on cycles are found, those beside them are not', () => {
  const graph = new Map([
    ['A', new Set(['B'])],
    ['B', new Set(['A'])],
    ['C', new Set(['A'])],
    ['D', new Set<string>()],
  ]);
  expect(cycle(graph)).toEqual(['A', 'B']);
  expect(cycle(new Map([['X', new Set(['X'])]]))).toEqual(['X']);
  expect([...(reversed(graph).get('A') ?? [])]).toEqual(['B', 'C']);
});

test('independent nodes are at work at the same time', async () => {
  let most = 0;
  let now = 0;
  const graph = new Map(Array.from({ length: 20 }, (_, n) => [`n${n}`, new Set<string>()]));
  await inOrder(graph, async () => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
  });
  expect(most).toBe(20);
});
