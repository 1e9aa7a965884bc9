import { badRequest } from '../errors';

const KEY = /^(?:ANY|GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE) (\/\S*)$/;
const SEGMENT = /^(?:[^{}]*|\{[\w.:-]+\})$/;

const malformed = () =>
  badRequest(
    'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
  );

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html */
export function checkRouteKey(key: string): void {
  if (key === '$default') return;
  const path = KEY.exec(key)?.[1];
  if (path === undefined) throw malformed();
  const segments = path.slice(1).split('/');
  const last = segments.at(-1) ?? '';
  // A greedy variable takes all that follows, so that nothing can follow it.
  const isGreedy = /^\{[\w.:-]+\+\}$/.test(last);
  const plain = isGreedy ? segments.slice(0, -1) : segments;
  if (!plain.every((segment) => SEGMENT.test(segment))) throw malformed();
  const names = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name]) => name);
  if (new Set(names).size !== names.length) throw malformed();
}
