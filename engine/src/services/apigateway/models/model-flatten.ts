import { isTree, type Tree, text, tree } from '../openapi/tree';

/** A model refers to another of the same API as `https://apigateway.amazonaws.com/restapis/<id>/models/<name>`. */
const REFERENCE = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/([^/#]+)#?(.*)$/;

/**
 * A model's schema with those of the models it refers to among its definitions, so that it stands for itself.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_GetModel.html#apigw-GetModel-request-flatten
 */
export function flattened(name: string, schemas: ReadonlyMap<string, string>): string {
  const root = schemaOf(name, schemas);
  const taken = new Set(Object.keys(tree(root.definitions)));
  /** Where each model stands in what comes out; their schemas follow as they are found. */
  const places = new Map([[name, '#']]);
  const definitions: Tree = {};
  const found: [model: string, key: string][] = [];
  const placeOf = (model: string): string => {
    const known = places.get(model);
    if (known !== undefined) return known;
    let key = model;
    while (taken.has(key)) key += '_';
    taken.add(key);
    const place = `#/definitions/${key}`;
    places.set(model, place);
    found.push([model, key]);
    return place;
  };
  const moved = (value: unknown, within: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => moved(one, within));
    if (!isTree(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => {
        const reference = key === '$ref' ? text(one) : undefined;
        if (reference === undefined) return [key, moved(one, within)];
        const [, model, pointer] = REFERENCE.exec(reference) ?? [];
        if (model !== undefined && schemas.has(model)) return [key, `${placeOf(model)}${pointer}`];
        return [key, reference.startsWith('#') ? `${within}${reference.slice(1)}` : reference];
      }),
    );
  };
  const flat = tree(moved(root, '#'));
  for (const [model, key] of found) definitions[key] = moved(schemaOf(model, schemas), placeOf(model));
  if (found.length === 0) return JSON.stringify(flat);
  return JSON.stringify({ ...flat, definitions: { ...tree(flat.definitions), ...definitions } });
}

const schemaOf = (name: string, schemas: ReadonlyMap<string, string>): Tree =>
  tree(JSON.parse(schemas.get(name) ?? '{}'));
