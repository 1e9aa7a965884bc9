import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Collection, Database, type Store } from '../../src/storage';

interface Value {
  number: number;
  inner: { list: number[] };
}

let folder: string;
let database: Database;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remembered-'));
  database = new Database(folder);
  store = database.store('lambda', '000000000000', 'us-east-1');
});

afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const remembered = (name: string): Collection<Value> => store.collection(name, { remembered: true });
const sample = (number: number): Value => ({ number, inner: { list: [number] } });

type Change = { put: string; number: number } | { remove: string } | { clear: string };
interface Step {
  changes: Change[];
  /** What is asked for in the middle of them. */
  read: string;
  aborted: boolean;
}

const key = fc.constantFrom('a', 'b', 'c');
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ put: key, number: fc.integer() }),
  fc.record({ remove: key }),
  fc.record({ clear: key }),
);
const step: fc.Arbitrary<Step> = fc.record({
  changes: fc.array(change, { maxLength: 4 }),
  read: key,
  aborted: fc.boolean(),
});

function apply(collection: Collection<Value>, one: Change): void {
  if ('put' in one) collection.put([one.put, 1], sample(one.number));
  else if ('remove' in one) collection.remove([one.remove, 1]);
  else collection.clear({ prefix: one.clear });
}

test('it reads what is on the disk, whatever transactions came to nothing', () => {
  let run = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const name = `values-${run++}`;
      for (const { changes, read, aborted } of steps) {
        const work = () => {
          for (const one of changes) {
            apply(remembered(name), one);
            expect(remembered(name).get([read, 1])).toEqual(store.collection(name).get([read, 1]));
          }
          if (aborted) throw new Error('aborted');
        };
        if (aborted) expect(() => store.transaction(work)).toThrow('aborted');
        else work();
        for (const name1 of ['a', 'b', 'c']) {
          const onDisk = store.collection(name).get([name1, 1]);
          expect(remembered(name).get([name1, 1])).toEqual(onDisk);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('what is shared cannot be changed', () => {
  remembered('values').put('key', sample(1));
  const value = remembered('values').get('key');
  expect(remembered('values').get(['key'])).toBe(value);
  expect(() => value?.inner.list.push(2)).toThrow(TypeError);
});
