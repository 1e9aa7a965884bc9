import { isTree, list, type Tree, text, tree } from '../openapi/tree';

const MODEL = /\/models\/([^/#]+)$/;
const PLAIN: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** What the declarations call something else, and what TypeScript takes for no name. */
const TAKEN = new Set([
  ...['Answer', 'AdditionalParams', 'Config', 'Client', 'Promise', 'Record'],
  ...[
    'any',
    'bigint',
    'boolean',
    'break',
    'case',
    'catch',
    'class',
    'const',
    'continue',
    'debugger',
    'default',
  ],
  ...[
    'delete',
    'do',
    'else',
    'enum',
    'export',
    'extends',
    'false',
    'finally',
    'for',
    'function',
    'if',
    'import',
  ],
  ...['in', 'instanceof', 'never', 'new', 'null', 'number', 'object', 'return', 'string', 'super', 'switch'],
  ...[
    'symbol',
    'this',
    'throw',
    'true',
    'try',
    'typeof',
    'undefined',
    'unknown',
    'var',
    'void',
    'while',
    'with',
  ],
  ...[
    'implements',
    'interface',
    'let',
    'package',
    'private',
    'protected',
    'public',
    'static',
    'yield',
    'await',
  ],
]);

/** What a model is called in the declarations: its name, where that may be one. */
export const modelName = (name: string): string =>
  /^\d/.test(name) || TAKEN.has(name) ? `Model${name}` : name;

/** A model's schema as TypeScript says it. */
export function typeOf(schema: Tree): string {
  const model = MODEL.exec(text(schema.$ref) ?? '')?.[1];
  if (model !== undefined) return modelName(model);
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
