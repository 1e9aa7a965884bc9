import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root';

/** The type of a property: what engine/models/resources says, taken apart. */
export type PropertyShape =
  | { kind: 'primitive'; name: 'string' | 'number' | 'integer' | 'boolean' | 'json' | 'date-time' | 'null' }
  | { kind: 'list'; of: PropertyShape }
  | { kind: 'map'; of: PropertyShape }
  | { kind: 'either'; of: PropertyShape[] }
  | { kind: 'object'; properties: PropertyFacts };

interface PropertyFact {
  shape: PropertyShape;
  required: boolean;
  /** Whether a change makes a new resource. */
  replaces: 'always' | 'conditionally' | 'never';
  allowed?: readonly string[];
}

export type PropertyFacts = Readonly<Record<string, PropertyFact>>;

export interface ResourceFacts {
  properties: PropertyFacts;
  attributes: ReadonlySet<string>;
  identifier: readonly string[];
  /** The property that takes tags, where the type has one. */
  tags?: string;
}

type Written = string | [string, string[]];

interface File {
  types: Record<
    string,
    { properties: Record<string, Written>; attributes: string[]; identifier: string[]; tags?: string }
  >;
  definitions: Record<string, Record<string, Written>>;
}

const TAG: PropertyShape = {
  kind: 'object',
  properties: {
    Key: { shape: { kind: 'primitive', name: 'string' }, required: true, replaces: 'never' },
    Value: { shape: { kind: 'primitive', name: 'string' }, required: true, replaces: 'never' },
  },
};

/** Splits at `|` that stand in no brackets. */
function alternatives(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '[' || letter === '{') depth++;
    else if (letter === ']' || letter === '}') depth--;
    else if (letter === '|' && depth === 0) {
      out.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...out, text.slice(from)];
}

/** One namespace's file; definitions are taken apart when first met, since they may hold themselves. */
class Namespace {
  readonly #definitions = new Map<string, PropertyShape>();
  readonly #types = new Map<string, ResourceFacts>();

  constructor(readonly file: File) {}

  shape(text: string): PropertyShape {
    const either = alternatives(text);
    if (either.length > 1) return { kind: 'either', of: either.map((each) => this.shape(each)) };
    if (text.startsWith('[')) return { kind: 'list', of: this.shape(text.slice(1, -1)) };
    if (text.startsWith('{')) return { kind: 'map', of: this.shape(text.slice(1, -1)) };
    if (text.startsWith('@')) return this.definition(text.slice(1));
    if (text === 'tag') return TAG;
    return { kind: 'primitive', name: text as 'string' };
  }

  definition(name: string): PropertyShape {
    const known = this.#definitions.get(name);
    if (known) return known;
    const properties: Record<string, PropertyFact> = {};
    const shape: PropertyShape = { kind: 'object', properties };
    this.#definitions.set(name, shape);
    Object.assign(properties, this.properties(this.file.definitions[name] ?? {}));
    return shape;
  }

  properties(written: Record<string, Written>): Record<string, PropertyFact> {
    return Object.fromEntries(
      Object.entries(written).map(([name, each]) => {
        const [text, allowed] = typeof each === 'string' ? [each, undefined] : each;
        const marks = /^[!*~]*/.exec(text)?.[0] ?? '';
        const fact: PropertyFact = {
          shape: this.shape(text.slice(marks.length)),
          required: marks.includes('!'),
          replaces: marks.includes('*') ? 'always' : marks.includes('~') ? 'conditionally' : 'never',
          ...(allowed ? { allowed } : {}),
        };
        return [name, fact];
      }),
    );
  }

  type(name: string): ResourceFacts | undefined {
    const known = this.#types.get(name);
    if (known) return known;
    const written = this.file.types[name];
    if (!written) return undefined;
    const facts: ResourceFacts = {
      properties: this.properties(written.properties),
      attributes: new Set(written.attributes),
      identifier: written.identifier,
      ...(written.tags ? { tags: written.tags } : {}),
    };
    this.#types.set(name, facts);
    return facts;
  }
}

const folder = join(packageRoot, 'models', 'resources');
// The facts are part of the program, as its code is: read once a process.
const namespaces = new Map<string, Namespace | undefined>();
let known: ReadonlySet<string> | undefined;

function namespace(name: string): Namespace | undefined {
  if (!namespaces.has(name)) {
    let file: File | undefined;
    try {
      file = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as File;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    namespaces.set(name, file && new Namespace(file));
  }
  return namespaces.get(name);
}

/** What AWS's schema says of a resource type; undefined for types of namespaces that were not generated. */
export function resourceFacts(type: string): ResourceFacts | undefined {
  const [vendor, service = ''] = type.split('::');
  return vendor === 'AWS' && /^\w+$/.test(service) ? namespace(service)?.type(type) : undefined;
}

/** Whether CloudFormation knows the type at all. */
export function isKnownType(type: string): boolean {
  if (type.startsWith('Custom::') || type === 'AWS::CDK::Metadata') return true;
  if (!known) {
    const file = JSON.parse(readFileSync(join(folder, 'types.json'), 'utf8')) as Record<string, string[]>;
    known = new Set(
      Object.entries(file).flatMap(([space, names]) => names.map((name) => `${space}::${name}`)),
    );
  }
  return known.has(type);
}
