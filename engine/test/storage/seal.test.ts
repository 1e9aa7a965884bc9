import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openState, StateFolderError } from '../../src/cloud/state-folder';
import { Database } from '../../src/storage';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const key = () => join(folder, 'state.key');

function collections(database: Database) {
  const store = database.store('iam', '000000000000', '-');
  return {
    sealed: store.collection<unknown>('keys', { sealed: true }),
    other: store.collection<unknown>('others', { sealed: true }),
    plain: store.collection<unknown>('keys'),
  };
}

test('sealed values come back as they were, also after a restart', async () => {
  const value = { secret: 'swordfish', at: new Date(5), bytes: Buffer.from([1, 2]), nothing: undefined };
  const first = new Database(folder);
  collections(first).sealed.put(['user', 'AKIA'], value);
  await first.close();
  const second = new Database(folder);
  const { sealed } = collections(second);
  expect(sealed.get(['user', 'AKIA'])).toEqual(value);
  expect([...sealed.entries({ prefix: 'user' })]).toEqual([{ key: ['user', 'AKIA'], value }]);
  expect([...sealed.values()]).toEqual([value]);
  await second.close();
  expect(readFileSync(join(folder, 'state.lmdb')).includes('swordfish')).toBe(false);
  expect(statSync(key()).mode & 0o777).toBe(0o600);
});

test('what an earlier engine kept is read, and sealed when it changes', async () => {
  const database = new Database(folder);
  const { sealed, plain } = collections(database);
  plain.put('old', { secret: 'swordfish' });
  expect(sealed.get('old')).toEqual({ secret: 'swordfish' });
  sealed.put('old', { secret: 'changed' });
  expect(plain.get('old')).toBeInstanceOf(Uint8Array);
  expect(sealed.get('old')).toEqual({ secret: 'changed' });
  await database.close();
});

test('a sealed value is none in another place', async () => {
  const database = new Database(folder);
  const { sealed, plain, other } = collections(database);
  sealed.put('a', 'one');
  plain.put('b', plain.get('a'));
  expect(() => sealed.get('b')).toThrow('sealed with another key');
  expect(other.get('a')).toBeUndefined();
  await database.close();
});

test('a state whose key is lost says so at the start', async () => {
  const database = new Database(folder);
  collections(database).sealed.put('a', 'one');
  await database.close();
  const held = readFileSync(key());
  rmSync(key());
  expect(() => openState(folder)).toThrow(StateFolderError);
  expect(() => openState(folder)).toThrow(`${key()}. Put that key back`);
  writeFileSync(key(), 'short');
  expect(() => openState(folder)).toThrow('is not a key');
  writeFileSync(key(), held);
  const again = openState(folder);
  expect(collections(again).sealed.get('a')).toBe('one');
  await again.close();
});
