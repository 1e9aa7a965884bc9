import { isTree, list, type Tree, text, tree } from '../openapi/tree';

const MODEL = /\/models\/([^/#]+)$/;
const PLAIN: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** A model's schema as TypeScript says it. */
export function typeOf(schema: Tree): string {
  const model = MODEL.exec(text(schema.$ref) ?? '')?.[1];
  if (model !== undefined) return model;
  const choices = list(schema.enum);
  if (choices.length > 0) return choices.map((one) => JSON.stringify(one)).join(' | ');
  for (const [word, joint] of [
    ['oneOf', ' | '],
    ['anyOf', ' | '],
    ['allOf', ' & '],
  ] as const) {
    const several = list(schema[word]);
    if (several.length > 0) return `(${several.map((one) => typeOf(tree(one))).join(joint)})`;
  }
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  if (schema.type === 'array') return `(${typeOf(tree(schema.items))})[]`;
  if (schema.type === 'object' || isTree(schema.properties)) return objectOf(schema);
  return PLAIN[text(schema.type) ?? ''] ?? 'unknown';
}

function objectOf(schema: Tree): string {
  const required = list(schema.required);
  const members = Object.entries(tree(schema.properties)).map(
    ([name, one]) => `${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(tree(one))}`,
  );
  if (schema.additionalProperties !== false) members.push('[name: string]: unknown');
  return `{ ${members.join('; ')} }`;
}
