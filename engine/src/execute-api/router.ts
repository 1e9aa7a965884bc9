import type { Method } from '@aws-sdk/client-api-gateway';
import type { DeployedResource } from './deployed';

interface Match {
  resource: DeployedResource;
  /** Values of the path's variables, still percent-encoded: REST APIs decode the query, but not the path. */
  pathParameters: Record<string, string>;
}

interface Node {
  literal: Map<string, Node>;
  variable?: { name: string; node: Node };
  greedy?: { name: string; resource: DeployedResource };
  resource?: DeployedResource;
}

export interface Router {
  match(path: string): Match | undefined;
}

/**
 * A literal segment goes before a variable, a variable before a greedy one; where the more specific branch leads
 * nowhere the next is tried. Resources without methods are no targets, as they are not part of a deployment.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html
 */
export function compileRoutes(resources: readonly DeployedResource[]): Router {
  const root: Node = { literal: new Map() };
  for (const resource of resources) {
    if (Object.keys(resource.methods).length === 0) continue;
    insert(root, segmentsOf(resource.path), resource);
  }
  return {
    match(path) {
      const segments = segmentsOf(path);
      const values: [string, string][] = [];
      const resource = walk(root, segments, 0, values);
      return resource && { resource, pathParameters: Object.fromEntries(values) };
    },
  };
}

/** What ANY stands for. https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-method-settings.html */
const METHODS: ReadonlySet<string> = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** The method's own definition, else the resource's ANY. */
export function methodOf(resource: DeployedResource, httpMethod: string): Method | undefined {
  if (!METHODS.has(httpMethod)) return undefined;
  return resource.methods[httpMethod] ?? resource.methods.ANY;
}

/** A trailing slash does not matter: `/pets/` is `/pets`. */
function segmentsOf(path: string): string[] {
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function insert(root: Node, segments: readonly string[], resource: DeployedResource): void {
  let node = root;
  for (const segment of segments) {
    const variable = /^\{([^}+]+)(\+?)\}$/.exec(segment);
    if (variable?.[2]) {
      node.greedy = { name: variable[1]!, resource };
      return;
    }
    if (variable) {
      node.variable ??= { name: variable[1]!, node: { literal: new Map() } };
      node = node.variable.node;
    } else {
      let next = node.literal.get(segment);
      if (!next) {
        next = { literal: new Map() };
        node.literal.set(segment, next);
      }
      node = next;
    }
  }
  node.resource = resource;
}

function walk(
  node: Node,
  segments: readonly string[],
  at: number,
  values: [string, string][],
): DeployedResource | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.resource;
  const literal = node.literal.get(segment);
  const found = literal && walk(literal, segments, at + 1, values);
  if (found) return found;
  if (node.variable && segment !== '') {
    values.push([node.variable.name, segment]);
    const below = walk(node.variable.node, segments, at + 1, values);
    if (below) return below;
    values.pop();
  }
  if (node.greedy) {
    values.push([node.greedy.name, segments.slice(at).join('/')]);
    return node.greedy.resource;
  }
  return undefined;
}
