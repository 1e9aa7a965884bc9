export type Schema = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Lengths and messages count characters as Java's JSON libraries do: by code point. */
const lengthOf = (text: string): number => [...text].length;

const quoted = (names: Iterable<string>): string => JSON.stringify([...names].sort());

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    isObject(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
  );
}

/** What a keyword with this argument says against a value; undefined where it says nothing. */
type Keyword = (
  argument: unknown,
  value: unknown,
  schema: Schema,
  /** What another schema says of the value. */
  faultsOf: (schema: unknown) => string[],
) => string | undefined;

const number =
  (check: (limit: number, value: number, schema: Schema) => string | undefined): Keyword =>
  (limit, value, schema) =>
    typeof limit === 'number' && typeof value === 'number' ? check(limit, value, schema) : undefined;

const string =
  (check: (limit: number, length: number, value: string) => string | undefined): Keyword =>
  (limit, value) =>
    typeof limit === 'number' && typeof value === 'string' ? check(limit, lengthOf(value), value) : undefined;

const array =
  (check: (limit: number, length: number) => string | undefined): Keyword =>
  (limit, value) =>
    typeof limit === 'number' && Array.isArray(value) ? check(limit, value.length) : undefined;

const object =
  (check: (limit: number, size: number) => string | undefined): Keyword =>
  (limit, value) =>
    typeof limit === 'number' && isObject(value) ? check(limit, Object.keys(value).length) : undefined;

/** Of how many of its schemas does the value fit? */
const several =
  (check: (matched: number, all: number) => string | undefined): Keyword =>
  (schemas, _value, _schema, faultsOf) => {
    const all = listOf(schemas);
    return check(all.filter((one) => faultsOf(one).length === 0).length, all.length);
  };

const type: Keyword = (given, value) => {
  const named = (Array.isArray(given) ? given : [given]).map(String);
  const allowed = new Set(named.includes('number') ? [...named, 'integer'] : named);
  const found = typeOf(value);
  return allowed.has(found)
    ? undefined
    : `instance type (${found}) does not match any allowed primitive type (allowed: ${quoted(allowed)})`;
};

const dependencies: Keyword = (given, value, _schema, faultsOf) => {
  if (!isObject(given) || !isObject(value)) return undefined;
  for (const [name, needed] of Object.entries(given)) {
    if (!Object.hasOwn(value, name)) continue;
    if (isObject(needed)) {
      const [first] = faultsOf(needed);
      if (first !== undefined) return first;
      continue;
    }
    const names = listOf(needed).map(String);
    const missing = names.filter((one) => !Object.hasOwn(value, one));
    if (missing.length > 0) {
      return `property "${name}" of object has missing property dependencies (schema requires ${quoted(names)}; missing: ${quoted(missing)})`;
    }
  }
  return undefined;
};

/**
 * In the words of the validator that API Gateway runs, java-json-tools/json-schema-validator.
 */
export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>(
  Object.entries({
    additionalItems: (allowed, value, schema) =>
      allowed === false &&
      Array.isArray(value) &&
      Array.isArray(schema.items) &&
      value.length > schema.items.length
        ? `schema only allows ${schema.items.length} elements in array but instance has ${value.length} elements`
        : undefined,
    additionalProperties: (allowed, value, schema) => {
      if (allowed !== false || !isObject(value)) return undefined;
      const others = Object.keys(value).filter((name) => propertySchemas(schema, name).length === 0);
      return others.length > 0
        ? `object instance has properties which are not allowed by the schema: ${quoted(others)}`
        : undefined;
    },
    allOf: several((matched, all) =>
      matched < all
        ? `instance failed to match all required schemas (matched only ${matched} out of ${all})`
        : undefined,
    ),
    anyOf: several((matched, all) =>
      matched === 0 ? `instance failed to match at least one required schema among ${all}` : undefined,
    ),
    dependencies,
    enum: (known, value) =>
      listOf(known).some((one) => same(one, value))
        ? undefined
        : `instance value (${JSON.stringify(value)}) not found in enum (possible values: ${JSON.stringify(known)})`,
    maxItems: array((most, length) =>
      length > most
        ? `array is too long: must have at most ${most} elements but instance has ${length} elements`
        : undefined,
    ),
    maxLength: string((most, length, value) =>
      length > most
        ? `string "${value}" is too long (length: ${length}, maximum allowed: ${most})`
        : undefined,
    ),
    maxProperties: object((most, size) =>
      size > most
        ? `object has too many properties (found ${size} but schema requires at most ${most})`
        : undefined,
    ),
    maximum: number((most, value, { exclusiveMaximum }) => {
      if (value > most)
        return `numeric instance is greater than the required maximum (maximum: ${most}, found: ${value})`;
      return value === most && exclusiveMaximum === true
        ? `numeric instance is not strictly lower than the required maximum ${most}`
        : undefined;
    }),
    minItems: array((least, length) =>
      length < least
        ? `array is too short: must have at least ${least} elements but instance has ${length} elements`
        : undefined,
    ),
    minLength: string((least, length, value) =>
      length < least
        ? `string "${value}" is too short (length: ${length}, required minimum: ${least})`
        : undefined,
    ),
    minProperties: object((least, size) =>
      size < least
        ? `object has too few properties (found ${size} but schema requires at least ${least})`
        : undefined,
    ),
    minimum: number((least, value, { exclusiveMinimum }) => {
      if (value < least)
        return `numeric instance is lower than the required minimum (minimum: ${least}, found: ${value})`;
      return value === least && exclusiveMinimum === true
        ? `numeric instance is not strictly greater than the required minimum ${least}`
        : undefined;
    }),
    multipleOf: number((divisor, value) =>
      Number.isInteger(value / divisor)
        ? undefined
        : `remainder of division is not zero (${value} / ${divisor})`,
    ),
    not: (other, _value, _schema, faultsOf) =>
      faultsOf(other).length === 0 ? 'instance matched a schema which it should not have' : undefined,
    oneOf: several((matched, all) =>
      matched === 1
        ? undefined
        : `instance failed to match exactly one schema (matched ${matched} out of ${all})`,
    ),
    pattern: (pattern, value) =>
      typeof pattern === 'string' && typeof value === 'string' && !new RegExp(pattern, 'u').test(value)
        ? `ECMA 262 regex "${pattern}" does not match input string "${value}"`
        : undefined,
    required: (names, value) => {
      if (!isObject(value)) return undefined;
      const missing = listOf(names).filter((name): name is string => !Object.hasOwn(value, String(name)));
      return missing.length > 0 ? `object has missing required properties (${quoted(missing)})` : undefined;
    },
    type,
    uniqueItems: (wanted, value) =>
      wanted === true && Array.isArray(value) && new Set(value.map(canonical)).size < value.length
        ? 'array must not contain duplicate elements'
        : undefined,
  } satisfies Record<string, Keyword>),
);

/** What `properties` and `patternProperties` say of a member. */
export function propertySchemas(schema: Schema, name: string): unknown[] {
  const { patternProperties, properties } = schema;
  const own = isObject(properties) && Object.hasOwn(properties, name) ? [properties[name]] : [];
  const byPattern = Object.entries(isObject(patternProperties) ? patternProperties : {});
  return [
    ...own,
    ...byPattern.filter(([pattern]) => new RegExp(pattern, 'u').test(name)).map(([, one]) => one),
  ];
}
