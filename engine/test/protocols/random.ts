import type { Member, Shape } from '../../src/protocols/model';

/** A small seeded generator (mulberry32), so that a failure comes back on the next run. */
export class Random {
  #state: number;

  constructor(seed: string) {
    let hash = 2166136261;
    for (const char of seed) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619);
    this.#state = hash >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)] as T;
  }
}

const TEXTS = ['plain', 'with space', 'a<b>&"c\'', 'ünï→x', 'a/b+c=d&e', '100%', '-', 'x.y:z', 'true', '42'];
const SAFE = ['plain', 'other', 'x-1', 'abc', 'some.text', 'q_2'];

export interface Options {
  /** Only text that any header can carry. */
  ascii?: boolean;
  /** How often an optional member is there. */
  density?: number;
}

/** A value of the shape; recursion ends because optional members get rarer with depth. */
export function sample(shape: Shape, random: Random, options: Options, depth = 0): unknown {
  switch (shape.type) {
    case 'string':
      return random.pick(shape.json.enum ?? (options.ascii ? SAFE : TEXTS));
    case 'boolean':
      return random.next() < 0.5;
    case 'integer':
      return random.pick([0, 1, -1, 7, 2147483647, 1234]);
    case 'long':
      return random.pick([0, 1, -5, 2 ** 40, 99]);
    case 'double':
    case 'bigInteger':
    case 'bigDecimal':
      return random.pick([0, 1.5, -2.25, 1e6]);
    case 'blob':
      return new Uint8Array(Array.from({ length: 1 + random.int(9) }, () => random.int(256)));
    case 'document':
      return { a: [1, 'x', true] };
    case 'list':
      return Array.from({ length: 1 + random.int(depth > 4 ? 1 : 3) }, () =>
        sample(shape.member.shape, random, options, depth + 1),
      );
    case 'map': {
      // Header names, which some keys become, are lower-cased on their way.
      const keys = shape.key.shape.json.enum ?? (options.ascii ? ['k1', 'k-2'] : ['k1', 'Key-2', 'third']);
      const out: Record<string, unknown> = {};
      for (let i = 0; i < 2; i++) {
        out[random.pick(keys)] = sample(shape.value.shape, random, options, depth + 1);
      }
      return out;
    }
    case 'union': {
      // The first member that does not recurse ends a recursive union.
      const members = shape.members;
      const member = depth > 5 ? (members.find((m) => !recursive(m)) ?? members[0]!) : random.pick(members);
      return { [member.name]: sample(member.shape, random, options, depth + 1) };
    }
    case 'structure':
    case 'error':
      return structureOf(shape, shape.members, random, options, depth);
    default:
      return new Date(Date.UTC(2024, random.int(12), 1 + random.int(28), random.int(24), 5, 9));
  }
}

function recursive(member: Member): boolean {
  return member.shape.isStructure || member.shape.type === 'list' || member.shape.type === 'map';
}

export function structureOf(
  shape: Shape,
  members: readonly Member[],
  random: Random,
  options: Options,
  depth = 0,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const required = new Set(shape.json.required ?? []);
  for (const member of members) {
    const chance = (options.density ?? 0.8) / (1 + depth * 0.7);
    const deep = depth > 6 && recursive(member);
    if (!required.has(member.name) && (deep || random.next() > chance)) continue;
    if (depth > 14) continue;
    out[member.name] = sample(member.shape, random, options, depth + 1);
  }
  return out;
}
