import { yamlParse } from 'yaml-cfn';
import { badRequest } from '../errors';
import { isTree, list, type Tree, text, tree } from './tree';

/** https://docs.aws.amazon.com/apigateway/latest/api/API_ImportRestApi.html#apigw-ImportRestApi-request-body */
const MAX_BYTES = 6 * 1024 * 1024;

/** An API's definition: Swagger 2 or OpenAPI 3, read as one thing. */
export interface Definition {
  version: 2 | 3;
  root: Tree;
}

export function parseDefinition(body: Uint8Array | undefined): Definition {
  const bytes = body ?? new Uint8Array();
  if (bytes.byteLength > MAX_BYTES) throw badRequest('The API definition is larger than 6 MB');
  const root = parse(Buffer.from(bytes).toString('utf8'));
  if (!isTree(root)) throw badRequest('Invalid OpenAPI input.');
  if (text(root.swagger)?.startsWith('2')) return { version: 2, root };
  if (text(root.openapi)?.startsWith('3.0')) return { version: 3, root };
  throw badRequest('Invalid OpenAPI input.');
}

/** JSON, or YAML; nodes that YAML shares are copied. */
function parse(source: string): unknown {
  try {
    return JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch {
    try {
      return JSON.parse(JSON.stringify(yamlParse(source) ?? null));
    } catch {
      throw badRequest('Invalid OpenAPI input.');
    }
  }
}

/** What stands at `#/a/b` of the document. */
function at(root: Tree, reference: string): unknown {
  let value: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const key = decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~');
    if (!isTree(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** The value itself, or what its `$ref` leads to within the document. */
export function resolved({ root }: Definition, value: unknown): Tree {
  let here = tree(value);
  for (let hops = 0; hops < 10; hops++) {
    const reference = text(here.$ref);
    if (!reference?.startsWith('#/')) return here;
    here = tree(at(root, reference));
  }
  return here;
}

export function schemasOf({ version, root }: Definition): Tree {
  return version === 2 ? tree(root.definitions) : tree(tree(root.components).schemas);
}

export function securitySchemesOf({ version, root }: Definition): Tree {
  return version === 2 ? tree(root.securityDefinitions) : tree(tree(root.components).securitySchemes);
}

/** Of OpenAPI 3 they may stand with the server. */
export function endpointConfigurationOf({ version, root }: Definition): Tree {
  const NAME = 'x-amazon-apigateway-endpoint-configuration';
  const server = version === 3 ? tree(list(root.servers)[0]) : {};
  return tree(root[NAME] ?? server[NAME]);
}

/** `/base/path` of the document, with its variables' defaults; empty where it has none. */
function basePathOf({ version, root }: Definition): string {
  if (version === 2) return text(root.basePath) ?? '';
  const server = tree(list(root.servers)[0]);
  const variables = tree(server.variables);
  const url = (text(server.url) ?? '').replace(
    /\{([^}]+)\}/g,
    (_all, name: string) => text(tree(variables[name]).default) ?? '',
  );
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
}

/**
 * What stands before each path.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html
 */
export function pathPrefix(definition: Definition, mode: string | undefined): string[] {
  const parts = basePathOf(definition).split('/').filter(Boolean);
  switch (mode ?? 'ignore') {
    case 'ignore':
      return [];
    case 'prepend':
      return parts;
    case 'split':
      return parts.slice(1);
    default:
      throw badRequest('Invalid basepath specified. Must be one of: [ignore, prepend, split]');
  }
}
