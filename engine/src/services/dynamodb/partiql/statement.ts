import { invalid } from '../errors';
import type { Item, Value } from '../values/value';
import { Placeholders } from './placeholders';
import { Reader } from './reader';
import { type Conjunct, readWhere } from './where';

interface Common {
  table: string;
  placeholders: Placeholders;
}

export interface Select extends Common {
  kind: 'select';
  index?: string;
  /** A projection expression; undefined for all. */
  columns?: string;
  where: Conjunct[];
  order?: { attribute: string; descending: boolean };
}

export interface Insert extends Common {
  kind: 'insert';
  item: Item;
}

export interface Update extends Common {
  kind: 'update';
  expression: string;
  where: Conjunct[];
  returning?: Returning;
}

export interface Delete extends Common {
  kind: 'delete';
  where: Conjunct[];
  returning?: Returning;
}

type Returning = 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';
export type Statement = Select | Insert | Update | Delete;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html */
export function readStatement(text: string, parameters: readonly Value[] = []): Statement {
  const reader = new Reader(text, parameters);
  const statement = read(reader);
  reader.finish();
  return statement;
}

function read(reader: Reader): Statement {
  if (reader.accept('SELECT')) return select(reader);
  if (reader.accept('INSERT', 'INTO')) return insert(reader);
  if (reader.accept('UPDATE')) return update(reader);
  if (reader.accept('DELETE', 'FROM')) return remove(reader);
  throw reader.unexpected();
}

function select(reader: Reader): Select {
  const placeholders = new Placeholders();
  const columns: string[] = [];
  if (!reader.accept('*')) {
    do columns.push(placeholders.path(reader.path()));
    while (reader.accept(','));
  }
  reader.expect('FROM');
  const table = reader.name();
  const index = reader.accept('.') ? reader.name() : undefined;
  const where = reader.accept('WHERE') ? readWhere(reader, placeholders) : [];
  const statement: Select = { kind: 'select', table, placeholders, where };
  if (index !== undefined) statement.index = index;
  if (columns.length > 0) statement.columns = columns.join(', ');
  if (reader.accept('ORDER', 'BY')) {
    const attribute = reader.name();
    const descending = reader.accept('DESC');
    if (!descending) reader.accept('ASC');
    statement.order = { attribute, descending };
  }
  return statement;
}

function insert(reader: Reader): Insert {
  const table = reader.name();
  reader.expect('VALUE');
  const item = reader.value().M;
  if (!item) throw invalid('Unexpected value type in INSERT: a tuple is expected');
  return { kind: 'insert', table, placeholders: new Placeholders(), item };
}

function update(reader: Reader): Update {
  const placeholders = new Placeholders();
  const table = reader.name();
  const sections = new Map<string, string[]>();
  const add = (section: string, action: string) => {
    sections.set(section, [...(sections.get(section) ?? []), action]);
  };
  do {
    if (reader.accept('SET')) {
      do assignment(reader, placeholders, add);
      while (reader.accept(','));
    } else {
      reader.expect('REMOVE');
      do add('REMOVE', placeholders.path(reader.path()));
      while (reader.accept(','));
    }
  } while (reader.is('SET') || reader.is('REMOVE'));
  reader.expect('WHERE');
  const where = readWhere(reader, placeholders);
  const expression = [...sections].map(([section, actions]) => `${section} ${actions.join(', ')}`).join(' ');
  return { kind: 'update', table, placeholders, expression, where, ...returning(reader) };
}

const SET_FUNCTIONS: [name: string, section: string][] = [
  ['SET_ADD', 'ADD'],
  ['SET_DELETE', 'DELETE'],
];

function assignment(
  reader: Reader,
  placeholders: Placeholders,
  add: (section: string, action: string) => void,
): void {
  const path = placeholders.path(reader.path());
  reader.expect('=');
  for (const [name, section] of SET_FUNCTIONS) {
    if (!reader.accept(name, '(')) continue;
    if (placeholders.path(reader.path()) !== path) throw reader.unexpected();
    reader.expect(',');
    add(section, `${path} ${placeholders.value(reader.value())}`);
    reader.expect(')');
    return;
  }
  let text = operand(reader, placeholders);
  for (const operator of ['+', '-']) {
    if (reader.accept(operator)) text += ` ${operator} ${operand(reader, placeholders)}`;
  }
  add('SET', `${path} = ${text}`);
}

function operand(reader: Reader, placeholders: Placeholders): string {
  if (reader.atValue) return placeholders.value(reader.value());
  for (const name of ['list_append', 'if_not_exists']) {
    if (!reader.accept(name.toUpperCase(), '(')) continue;
    const first = operand(reader, placeholders);
    reader.expect(',');
    const second = operand(reader, placeholders);
    reader.expect(')');
    return `${name}(${first}, ${second})`;
  }
  return placeholders.path(reader.path());
}

function remove(reader: Reader): Delete {
  const placeholders = new Placeholders();
  const table = reader.name();
  reader.expect('WHERE');
  const where = readWhere(reader, placeholders);
  return { kind: 'delete', table, placeholders, where, ...returning(reader) };
}

function returning(reader: Reader): { returning?: Returning } {
  if (!reader.accept('RETURNING')) return {};
  const what = reader.accept('ALL') ? 'ALL' : reader.accept('MODIFIED') ? 'UPDATED' : undefined;
  const when = reader.accept('OLD') ? 'OLD' : reader.accept('NEW') ? 'NEW' : undefined;
  if (!what || !when) throw reader.unexpected();
  reader.expect('*');
  return { returning: `${what}_${when}` };
}
