import { badRequest, conflict } from './errors';
import type { ResourceRecord } from './store';

const PART = /^(?:[a-zA-Z0-9._\-:~]+|\{[a-zA-Z0-9._\-:]+\+?\})$/;

const isVariable = (part: string | undefined) => part?.startsWith('{') === true;
const isGreedy = (part: string | undefined) => part?.endsWith('+}') === true;

/**
 * Whether `part` may stand below `parent` beside `siblings`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function checkPathPart(
  part: string,
  parent: ResourceRecord,
  siblings: readonly ResourceRecord[],
): void {
  if (!PART.test(part)) {
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  }
  if (isGreedy(parent.pathPart)) {
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.pathPart}`);
  }
  if (siblings.some((sibling) => sibling.pathPart === part)) {
    throw conflict(`Another resource with the same parent already has this name: ${part}`);
  }
  const variable = siblings.find((sibling) => isVariable(sibling.pathPart));
  if (isVariable(part) && variable) {
    throw badRequest(
      `A sibling (${variable.pathPart}) of this resource already has a variable path part -- only one is allowed`,
    );
  }
}

export function joinPath(parent: ResourceRecord, part: string): string {
  return parent.path === '/' ? `/${part}` : `${parent.path}/${part}`;
}
