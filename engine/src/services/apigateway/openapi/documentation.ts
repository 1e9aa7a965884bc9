import { methodOfKey } from '../../../execute-api/openapi-methods';
import type { PartInput } from '../documentation/put-parts';
import { type Definition, resolved, schemasOf } from './document';
import { list, type Tree, text, tree } from './tree';

const KINDS: Readonly<Record<string, PartInput['location']['type']>> = {
  path: 'PATH_PARAMETER',
  query: 'QUERY_PARAMETER',
  header: 'REQUEST_HEADER',
  body: 'REQUEST_BODY',
};

type Location = PartInput['location'];

/**
 * What a document tells people: its descriptions and summaries, and then what its extension says.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api-quick-start-import-export.html
 */
export function documentationOf(definition: Definition, prefix: readonly string[]): PartInput[] {
  const parts: PartInput[] = [];
  const tell = (location: Location, given: Tree, names: readonly string[]): void => {
    const told = Object.fromEntries(
      names.filter((name) => text(given[name])).map((name) => [name, given[name]]),
    );
    if (Object.keys(told).length > 0) parts.push({ location, properties: told });
  };
  const info = tree(definition.root.info);
  if (text(info.description)) {
    parts.push({ location: { type: 'API' }, properties: { info: { description: info.description } } });
  }
  for (const [name, schema] of Object.entries(schemasOf(definition))) {
    tell({ type: 'MODEL', name }, tree(schema), ['description', 'title']);
  }
  for (const [key, one] of Object.entries(tree(definition.root.paths))) {
    const path = `/${[...prefix, ...key.split('/').filter(Boolean)].join('/')}`;
    const pathItem = resolved(definition, one);
    tell({ type: 'RESOURCE', path }, pathItem, ['description', 'summary']);
    for (const [name, operation] of Object.entries(pathItem)) {
      const method = methodOfKey(name);
      if (method !== undefined) ofOperation(definition, { path, method }, tree(operation), tell);
    }
  }
  return [...parts, ...extension(definition.root)];
}

function ofOperation(
  definition: Definition,
  where: { path: string; method: string },
  operation: Tree,
  tell: (location: Location, given: Tree, names: readonly string[]) => void,
): void {
  tell({ type: 'METHOD', ...where }, operation, ['description', 'summary']);
  for (const one of list(operation.parameters)) {
    const parameter = resolved(definition, one);
    const type = KINDS[text(parameter.in) ?? ''];
    const name = type === 'REQUEST_BODY' ? {} : { name: text(parameter.name) };
    if (type) tell({ type, ...where, ...name }, parameter, ['description']);
  }
  tell({ type: 'REQUEST_BODY', ...where }, resolved(definition, operation.requestBody), ['description']);
  for (const [statusCode, one] of Object.entries(tree(operation.responses))) {
    if (!/^[1-5]\d\d$/.test(statusCode)) continue;
    const response = tree(one);
    tell({ type: 'RESPONSE', ...where, statusCode }, response, ['description']);
    for (const [name, header] of Object.entries(tree(response.headers))) {
      tell({ type: 'RESPONSE_HEADER', ...where, statusCode, name }, tree(header), ['description']);
    }
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-documentation.html */
function extension(root: Tree): PartInput[] {
  const given = tree(root['x-amazon-apigateway-documentation']);
  return list(given.documentationParts).map((one) => {
    const part = tree(one);
    const location = tree(part.location);
    return {
      location: {
        type: text(location.type) ?? '',
        path: text(location.path),
        method: text(location.method),
        statusCode: text(location.statusCode),
        name: text(location.name),
      },
      properties: tree(part.properties),
    };
  });
}
