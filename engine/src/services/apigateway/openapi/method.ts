import type { Input } from '../../../kernel';
import { type Definition, resolved } from './document';
import type { Issues } from './issues';
import type { Models } from './schemas';
import { flag, list, type Tree, text, tree } from './tree';

type PutMethod = Input<'apigateway', 'PutMethod'>;
type PutMethodResponse = Input<'apigateway', 'PutMethodResponse'>;

/** Where an operation stands, as messages name it. */
export interface Place {
  path: string;
  method: string;
}

const KINDS: Readonly<Record<string, string>> = { path: 'path', query: 'querystring', header: 'header' };

/** The parameters of an operation with those of its path; the operation's win. */
function parametersOf(definition: Definition, pathItem: Tree, operation: Tree): Tree[] {
  const all = new Map<string, Tree>();
  for (const one of [...list(pathItem.parameters), ...list(operation.parameters)]) {
    const parameter = resolved(definition, one);
    all.set(`${text(parameter.in)} ${text(parameter.name)}`, parameter);
  }
  return [...all.values()];
}

function mediaTypes(definition: Definition, operation: Tree, name: 'consumes' | 'produces'): string[] {
  const types = list(operation[name] ?? definition.root[name]).flatMap((one) => text(one) ?? []);
  return types.length > 0 ? types : ['application/json'];
}

/** What a request may carry: parameters, and a model for each type of its body. */
export function requestOf(
  definition: Definition,
  pathItem: Tree,
  operation: Tree,
  models: Models,
): Pick<PutMethod, 'requestParameters' | 'requestModels'> {
  const requestParameters: Record<string, boolean> = {};
  const requestModels: Record<string, string> = {};
  const body = (schema: Tree, types: readonly string[]) => {
    const model = models.of(schema);
    for (const type of types) if (model !== undefined) requestModels[type] = model;
  };
  for (const parameter of parametersOf(definition, pathItem, operation)) {
    const kind = KINDS[text(parameter.in) ?? ''];
    if (kind) requestParameters[`method.request.${kind}.${text(parameter.name)}`] = flag(parameter.required);
    else if (parameter.in === 'body')
      body(tree(parameter.schema), mediaTypes(definition, operation, 'consumes'));
  }
  for (const [type, content] of Object.entries(tree(resolved(definition, operation.requestBody).content))) {
    body(tree(tree(content).schema), [type]);
  }
  return { requestParameters: some(requestParameters), requestModels: some(requestModels) };
}

export const some = <T>(map: Record<string, T>): Record<string, T> | undefined =>
  Object.keys(map).length === 0 ? undefined : map;

type Response = Pick<PutMethodResponse, 'statusCode' | 'responseParameters' | 'responseModels'>;

/** Its responses by status; `default` and ranges are none that a method can have. */
export function responsesOf(
  definition: Definition,
  operation: Tree,
  place: Place,
  models: Models,
  issues: Issues,
): Response[] {
  const where = `paths.'${place.path}'(${place.method.toLowerCase()}).responses`;
  if (operation.responses === undefined) issues.warn(`Parse issue: attribute ${where} is missing`);
  return Object.entries(tree(operation.responses)).flatMap(([statusCode, given]) => {
    if (!/^[1-5]\d\d$/.test(statusCode)) return [];
    const response = tree(given);
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    if (response.$ref !== undefined) {
      issues.warn(`Parse issue: attribute ${where}.${statusCode}.$ref is unsupported`);
      return [{ statusCode }];
    }
    return [{ statusCode, ...bodiesOf(definition, operation, response, models), ...headersOf(response) }];
  });
}

function headersOf(response: Tree): Pick<Response, 'responseParameters'> {
  const names = Object.keys(tree(response.headers));
  return {
    responseParameters: some(
      Object.fromEntries(names.map((name) => [`method.response.header.${name}`, false])),
    ),
  };
}

function bodiesOf(
  definition: Definition,
  operation: Tree,
  response: Tree,
  models: Models,
): Pick<Response, 'responseModels'> {
  const responseModels: Record<string, string> = {};
  if (definition.version === 2 && response.schema !== undefined) {
    const model = models.of(tree(response.schema));
    for (const type of mediaTypes(definition, operation, 'produces')) {
      if (model !== undefined) responseModels[type] = model;
    }
  }
  for (const [type, content] of Object.entries(tree(response.content))) {
    const model = models.of(tree(tree(content).schema));
    if (model !== undefined) responseModels[type] = model;
  }
  return { responseModels: some(responseModels) };
}
