/** The static schemas that every SDK v3 client exports, taken apart. See @smithy/types (schema/static-schemas). */

export type Traits = Record<string, unknown>;
export type Ref = unknown;

const BITS = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
];

export function traitsOf(indicator: unknown): Traits {
  if (typeof indicator === 'object' && indicator !== null) return indicator as Traits;
  const traits: Traits = {};
  BITS.forEach((name, bit) => {
    if ((Number(indicator) >> bit) & 1) traits[name] = 1;
  });
  return traits;
}

export type Schema =
  | { kind: 'simple'; name?: string; traits: Traits; type: number }
  | { kind: 'unit' }
  | { kind: 'list'; name?: string; traits: Traits; member: Ref }
  | { kind: 'map'; name?: string; traits: Traits; key: Ref; value: Ref }
  | {
      kind: 'structure' | 'union' | 'error';
      namespace: string;
      name: string;
      traits: Traits;
      members: [string, Ref][];
      required: number;
    };

/** Follows functions and member pairs down to the shape; `member` gets the traits of the member itself. */
export function resolve(ref: Ref): { member: Traits; schema: Schema } {
  let member: Traits = {};
  let current = ref;
  for (;;) {
    if (typeof current === 'function') current = (current as () => unknown)();
    else if (Array.isArray(current) && current.length === 2) {
      member = { ...traitsOf(current[1]), ...member };
      current = current[0];
    } else break;
  }
  return { member, schema: schemaOf(current) };
}

function schemaOf(ref: unknown): Schema {
  if (ref === 'unit') return { kind: 'unit' };
  if (typeof ref === 'number') {
    if (ref >= 128) return { kind: 'map', traits: {}, key: 0, value: ref & 63 };
    if (ref >= 64) return { kind: 'list', traits: {}, member: ref & 63 };
    return { kind: 'simple', traits: {}, type: ref };
  }
  if (!Array.isArray(ref)) throw new Error(`unknown schema ${String(ref)}`);
  const [kind, namespace, name, indicator] = ref as [number, string, string, unknown];
  const traits = traitsOf(indicator);
  switch (kind) {
    case 0: {
      const inner = resolve(ref[4]).schema;
      if (inner.kind !== 'simple') throw new Error(`${name} is not simple`);
      return { kind: 'simple', name, traits, type: inner.type };
    }
    case 1:
      return { kind: 'list', name, traits, member: ref[4] };
    case 2:
      return { kind: 'map', name, traits, key: ref[4], value: ref[5] };
    case 3:
    case 4:
    case -3: {
      const names = ref[4] as string[];
      const refs = ref[5] as unknown[];
      return {
        kind: kind === 3 ? 'structure' : kind === 4 ? 'union' : 'error',
        namespace,
        name,
        traits,
        members: names.map((member, index) => [member, refs[index]]),
        required: (ref[6] as number | undefined) ?? 0,
      };
    }
    default:
      throw new Error(`unknown schema kind ${kind} of ${name}`);
  }
}
