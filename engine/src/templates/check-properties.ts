import { AwsError, type PropertyTree } from '../kernel';
import type { PropertyFacts, PropertyShape, ResourceFacts } from './facts';
import { isObject } from './template';

/** Why a resource cannot be made: the reason its event shows. */
export class PropertyError extends AwsError {
  constructor(message: string) {
    super('InvalidProperty', message);
  }
}

const NAMES = {
  string: 'String',
  number: 'Number',
  integer: 'Integer',
  boolean: 'Boolean',
  json: 'Json',
  'date-time': 'Timestamp',
  null: 'Null',
} as const;

function typeName(shape: PropertyShape): string {
  switch (shape.kind) {
    case 'primitive':
      return NAMES[shape.name];
    case 'list':
      return `List of ${typeName(shape.of)}`;
    case 'map':
      return 'Map';
    case 'either':
      return shape.of.map(typeName).join(' or ');
    case 'object':
      return 'Object';
  }
}

function mismatch(path: string, shape: PropertyShape): PropertyError {
  return new PropertyError(`Value of property ${path.slice(1)} must be of type ${typeName(shape)}`);
}

/** CloudFormation takes numbers and booleans for texts and the other way round, where the text is one. */
function primitive(value: unknown, shape: PropertyShape & { kind: 'primitive' }, path: string): unknown {
  switch (shape.name) {
    case 'string':
    case 'date-time':
      if (typeof value === 'string') return value;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      break;
    case 'number':
    case 'integer': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number === 'number' && Number.isFinite(number)) {
        if (shape.name === 'number' || Number.isInteger(number)) return number;
      }
      break;
    }
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      break;
    default:
      return value;
  }
  throw mismatch(path, shape);
}

function coerce(value: unknown, shape: PropertyShape, path: string, id: string): unknown {
  switch (shape.kind) {
    case 'primitive':
      return primitive(value, shape, path);
    case 'list':
      if (!Array.isArray(value)) throw mismatch(path, shape);
      return value.map((each: unknown, n) => coerce(each, shape.of, `${path}/${n}`, id));
    case 'map':
      if (!isObject(value)) throw mismatch(path, shape);
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, coerce(each, shape.of, `${path}/${key}`, id)]),
      );
    case 'object':
      if (!isObject(value)) throw mismatch(path, shape);
      return object(value, shape.properties, path, id);
    case 'either': {
      let first: unknown;
      for (const each of shape.of) {
        try {
          return coerce(value, each, path, id);
        } catch (error) {
          first ??= error;
        }
      }
      throw first;
    }
  }
}

function object(
  value: Record<string, unknown>,
  facts: PropertyFacts,
  path: string,
  id: string,
): Record<string, unknown> {
  const extra = Object.keys(value).filter((name) => !Object.hasOwn(facts, name));
  if (extra.length > 0) {
    const lines = extra.map((name) => `#${path}: extraneous key [${name}] is not permitted`);
    throw new PropertyError(
      `Properties validation failed for resource ${id} with message:\n${lines.join('\n')}`,
    );
  }
  const missing = Object.entries(facts).filter(([name, fact]) => fact.required && value[name] === undefined);
  if (missing.length > 0) {
    const list = missing.map(([name]) => `The property {${path}/${name}} is required`);
    throw new PropertyError(`Property validation failure: [${list.join(', ')}]`);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const fact = facts[name];
      return [name, fact ? coerce(each, fact.shape, `${path}/${name}`, id) : each];
    }),
  );
}

/** The first property of `value` that is not in the provider's tree. */
function unimplemented(value: unknown, tree: PropertyTree, path: string): string | undefined {
  if (Array.isArray(value)) {
    for (const each of value) {
      const found = unimplemented(each, tree, path);
      if (found) return found;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  for (const [name, each] of Object.entries(value)) {
    const inner = Object.hasOwn(tree, name) ? tree[name] : undefined;
    const here = path ? `${path}.${name}` : name;
    if (inner === undefined) return here;
    const found = inner === true ? undefined : unimplemented(each, inner, here);
    if (found) return found;
  }
  return undefined;
}

/** Checks properties against AWS's schema, turns scalars into their types, and refuses what tierkit has not done. */
export function checkProperties(
  resource: { logicalId: string; type: string },
  properties: Record<string, unknown>,
  facts: ResourceFacts | undefined,
  tree: PropertyTree,
): Record<string, unknown> {
  const { logicalId, type } = resource;
  const checked = facts ? object(properties, facts.properties, '', logicalId) : properties;
  const missing = unimplemented(checked, tree, '');
  if (missing)
    throw new PropertyError(
      `tierkit does not implement ${type} property '${missing}' yet (resource ${logicalId})`,
    );
  return checked;
}
