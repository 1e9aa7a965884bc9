import { isObject, KEYWORDS, propertySchemas, type Schema } from './keywords';

/** A schema, and the model it stands in, to which its `$ref`s `#<pointer>` lead; those to others are `model:<name>#<pointer>`. */
interface Place {
  model: string;
  schema: Schema;
}

/** Tells what is wrong with a value that a model refuses. What is in a list or an object counts once that itself fits. */
export class ModelFaults {
  constructor(readonly schemas: ReadonlyMap<string, unknown>) {}

  ofModel(model: string, value: unknown): string[] {
    const schema = this.schemas.get(model);
    return isObject(schema) ? this.of({ model, schema }, value) : [];
  }

  of(given: Place, value: unknown): string[] {
    const place = this.#resolved(given);
    if (!place) return [];
    const faultsOf = (schema: unknown) =>
      isObject(schema) ? this.of({ model: place.model, schema }, value) : [];
    const own = Object.keys(place.schema)
      .sort()
      .flatMap(
        (keyword) => KEYWORDS.get(keyword)?.(place.schema[keyword], value, place.schema, faultsOf) ?? [],
      );
    if (own.length > 0) return own;
    return children(place.schema, value).flatMap(([schema, child]) =>
      isObject(schema) ? this.of({ model: place.model, schema }, child) : [],
    );
  }

  /** What a schema's `$ref` leads to; undefined where it leads nowhere, or around. */
  #resolved(place: Place): Place | undefined {
    let { model, schema } = place;
    const seen = new Set<string>();
    for (;;) {
      const { $ref: reference } = schema;
      if (typeof reference !== 'string') return { model, schema };
      const [name = '', pointer = ''] = reference.replace(/^model:/, '').split('#');
      model = name || model;
      if (seen.has(`${model}#${pointer}`)) return undefined;
      seen.add(`${model}#${pointer}`);
      const found = valueAt(this.schemas.get(model), pointer);
      if (!isObject(found)) return undefined;
      schema = found;
    }
  }
}

function valueAt(root: unknown, pointer: string): unknown {
  let at = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = Reflect.get(at, key);
  }
  return at;
}

function children(schema: Schema, value: unknown): (readonly [schema: unknown, child: unknown])[] {
  const { additionalItems, additionalProperties, items } = schema;
  if (Array.isArray(value)) {
    return value.map((one, at) => {
      if (!Array.isArray(items)) return [items, one];
      return [at < items.length ? items[at] : additionalItems, one];
    });
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, one]) => {
    const schemas = propertySchemas(schema, name);
    return (schemas.length > 0 ? schemas : [additionalProperties]).map((member) => [member, one] as const);
  });
}
