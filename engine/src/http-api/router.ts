import type { Route } from '@aws-sdk/client-apigatewayv2';

export interface Match {
  route: Route;
  /** Decoded, in the order they stand in the path. */
  pathParameters: Record<string, string>;
}

export interface Router {
  /** @param path raw, behind the stage */
  match(method: string, path: string): Match | undefined;
}

type Methods = Map<string, Route>;

interface Node {
  literal: Map<string, Node>;
  variable?: Node;
  greedy?: Methods;
  methods: Methods;
}

const node = (): Node => ({ literal: new Map(), methods: new Map() });

/** What follows the method in a route's key; undefined for `$default`. */
export const pathOf = (key: string): string | undefined => /^\S+ (\/.*)$/.exec(key)?.[1];

/**
 * A full match of the path goes before one with a variable, that before a greedy one, and `$default` takes what is
 * left; of a path, its own method before ANY. Routes without an integration lead nowhere.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function compileRoutes(routes: readonly Route[]): Router {
  const root = node();
  let last: Route | undefined;
  for (const route of routes) {
    if (!route.Target) continue;
    const key = route.RouteKey ?? '';
    const path = pathOf(key);
    if (path === undefined) last = route;
    else insert(root, path.slice(1).split('/'), key.slice(0, key.indexOf(' ')), route);
  }
  return {
    match(method, path) {
      const segments = path.slice(1).split('/').map(decodeURIComponent);
      const values: string[] = [];
      const route = walk(root, segments, 0, method, values);
      if (route) return { route, pathParameters: named(route, values) };
      return last && { route: last, pathParameters: {} };
    },
  };
}

function insert(root: Node, segments: readonly string[], method: string, route: Route): void {
  let at = root;
  for (const segment of segments) {
    if (/^\{.+\+\}$/.test(segment)) {
      at.greedy ??= new Map();
      at.greedy.set(method, route);
      return;
    }
    if (/^\{.+\}$/.test(segment)) {
      at.variable ??= node();
      at = at.variable;
      continue;
    }
    let next = at.literal.get(segment);
    if (!next) {
      next = node();
      at.literal.set(segment, next);
    }
    at = next;
  }
  at.methods.set(method, route);
}

const of = (methods: Methods | undefined, method: string) => methods?.get(method) ?? methods?.get('ANY');

/** Variables are called differently by routes of different methods: their names are looked up afterwards. */
function walk(
  at: Node,
  segments: readonly string[],
  index: number,
  method: string,
  values: string[],
): Route | undefined {
  const segment = segments[index];
  if (segment === undefined) return of(at.methods, method);
  const literal = at.literal.get(segment);
  const found = literal && walk(literal, segments, index + 1, method, values);
  if (found) return found;
  if (at.variable && segment !== '') {
    values.push(segment);
    const below = walk(at.variable, segments, index + 1, method, values);
    if (below) return below;
    values.pop();
  }
  const rest = segments.slice(index).join('/');
  const greedy = rest === '' ? undefined : of(at.greedy, method);
  if (greedy) values.push(rest);
  return greedy;
}

function named(route: Route, values: readonly string[]): Record<string, string> {
  const names = [...(pathOf(route.RouteKey ?? '') ?? '').matchAll(/\{([^}+]+)\+?\}/g)];
  return Object.fromEntries(names.map(([, name = ''], index) => [name, values[index] ?? '']));
}
