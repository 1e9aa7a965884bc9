import type { OperationModel, ServiceModel } from './model';
import { parsePairs } from './percent';

/** Finds a REST operation by method, path and the literal parts of its query string. */

interface Route {
  operation: string;
  /** `[name, value]`: `?acl` has no value. `x-id` is kept apart: only SDKs send it. */
  literals: [string, string | undefined][];
  xId: string | undefined;
  /** Query parameters that S3 tells operations apart by, e.g. UploadPart's. */
  required: string[];
  /** Likewise a header: x-amz-copy-source. */
  header: string | undefined;
}

class Trie {
  readonly literals = new Map<string, Trie>();
  label: Trie | undefined;
  readonly ends: Route[] = [];
  readonly greedy: Route[] = [];

  literal(name: string): Trie {
    let next = this.literals.get(name);
    if (!next) {
      next = new Trie();
      this.literals.set(name, next);
    }
    return next;
  }

  any(): Trie {
    this.label ??= new Trie();
    return this.label;
  }
}

export type Router = Map<string, Trie>;

export function makeRouter(model: ServiceModel): Router {
  const methods: Router = new Map();
  for (const name of model.operationNames) {
    const operation = model.operation(name);
    if (operation?.http) addRoute(methods, model, operation, operation.http);
  }
  return methods;
}

function addRoute(
  methods: Router,
  model: ServiceModel,
  operation: OperationModel,
  http: { method: string; uri: string },
): void {
  let node = methods.get(http.method);
  if (!node) {
    node = new Trie();
    methods.set(http.method, node);
  }
  const [path = '', query = ''] = http.uri.split('?');
  const pairs = parsePairs(query);
  const s3 = model.service === 's3';
  const members = operation.input?.members ?? [];
  const required = new Set(operation.input?.json.required ?? []);
  const route: Route = {
    operation: operation.name,
    literals: pairs.filter(([name]) => name !== 'x-id'),
    xId: pairs.find(([name]) => name === 'x-id')?.[1],
    required: s3 ? members.filter((m) => m.in === 'query' && required.has(m.name)).map((m) => m.as) : [],
    header: s3 ? members.find((m) => m.as === 'x-amz-copy-source' && required.has(m.name))?.as : undefined,
  };
  for (const segment of path.split('/').filter((part) => part !== '')) {
    if (/^\{.*\+\}$/.test(segment)) {
      node.greedy.push(route);
      return;
    }
    node = segment.startsWith('{') ? node.any() : node.literal(segment);
  }
  node.ends.push(route);
}

export function route(
  router: Router,
  method: string,
  path: string,
  query: ReadonlyMap<string, string | undefined>,
  headers: Readonly<Record<string, string>>,
): string | undefined {
  const root = router.get(method);
  if (!root) return undefined;
  const segments = path.split('/');
  if (segments[0] === '') segments.shift();
  return find(root, segments, 0, (routes) => best(routes, query, headers));
}

function find(
  node: Trie,
  segments: string[],
  at: number,
  pick: (routes: Route[]) => string | undefined,
): string | undefined {
  const rest = segments.length - at;
  // A trailing slash is no segment: `/bucket/` is the bucket.
  if (rest === 0 || (rest === 1 && segments[at] === '')) return pick(node.ends);
  const segment = segments[at]!;
  const literal = node.literals.get(segment);
  const exact = literal && find(literal, segments, at + 1, pick);
  if (exact !== undefined) return exact;
  const labelled = node.label && segment !== '' ? find(node.label, segments, at + 1, pick) : undefined;
  return labelled ?? pick(node.greedy);
}

function best(
  routes: Route[],
  query: ReadonlyMap<string, string | undefined>,
  headers: Readonly<Record<string, string>>,
): string | undefined {
  let found: string | undefined;
  let most = -1;
  for (const candidate of routes) {
    const score = scoreOf(candidate, query, headers);
    if (score > most) {
      most = score;
      found = candidate.operation;
    }
  }
  return found;
}

/** How specific the route is to the request; -1 where it is not for it. */
function scoreOf(
  candidate: Route,
  query: ReadonlyMap<string, string | undefined>,
  headers: Readonly<Record<string, string>>,
): number {
  let score = 0;
  for (const [name, value] of candidate.literals) {
    if (!query.has(name)) return -1;
    if (value !== undefined && query.get(name) !== value) return -1;
    score += 100;
  }
  if (candidate.header !== undefined) {
    if (headers[candidate.header] === undefined) return -1;
    score += 10;
  }
  for (const name of candidate.required) {
    if (query.has(name)) score += 10;
    else if (candidate.literals.length === 0) return -1;
    // `?analytics` without an id lists.
    else score -= 1;
  }
  if (candidate.xId !== undefined && query.get('x-id') === candidate.xId) score += 5;
  // It is at a host of its own (s3express-control), and shares its path with ListBuckets.
  else if (candidate.operation === 'ListDirectoryBuckets') return -1;
  return score;
}
