import { yamlParse } from 'yaml-cfn';
import { badRequest } from '../errors';

export type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const treeOf = (value: unknown): Tree => (isTree(value) ? value : {});
export const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
export const numberOf = (value: unknown): number | undefined =>
  value === undefined || value === null ? undefined : Number(value);
export const flagOf = (value: unknown): boolean | undefined =>
  value === undefined || value === null ? undefined : value === true || value === 'true';
export const listOf = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.map(String) : undefined;
export const textsOf = (value: unknown): Record<string, string> | undefined =>
  isTree(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, String(one)]))
    : undefined;

export const importErrors = (...sentences: string[]) =>
  badRequest(`Errors found during import:\n\t${sentences.join('\n\t')}`);

/** An OpenAPI 3.0 definition, in JSON or YAML; HTTP APIs take no other. */
export function parseDefinition(body: string): Tree {
  let definition: unknown;
  try {
    definition = body.trim().startsWith('{') ? JSON.parse(body) : yamlParse(body);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw badRequest(`Unable to parse API definition because of a malformed definition: ${why}`);
  }
  if (!isTree(definition) || !String(definition.openapi ?? '').startsWith('3.0'))
    throw badRequest('Invalid OpenAPI input: HTTP APIs are defined in OpenAPI 3.0');
  return definition;
}

/** What `#/components/…` stands for; anything else is itself. */
export function resolved(definition: Tree, value: unknown): unknown {
  const ref = isTree(value) ? value.$ref : undefined;
  if (typeof ref !== 'string') return value;
  if (!ref.startsWith('#/')) throw importErrors(`Unable to resolve reference ${ref}`);
  let at: unknown = definition;
  for (const part of ref.slice(2).split('/')) {
    at = treeOf(at)[part.replace(/~1/g, '/').replace(/~0/g, '~')];
  }
  if (at === undefined) throw importErrors(`Unable to resolve reference ${ref}`);
  return at;
}
