import type { Operation } from '../../../kernel';
import { notFound, requireApi } from '../errors';
import { isTree, list, type Tree, text, tree } from '../openapi/tree';
import { tables } from '../store';

const MODEL = /\/models\/([^/#]+)$/;

/** A value of each kind, as the console's samples have them. */
const SAMPLES: Readonly<Record<string, string>> = {
  string: '"foo"',
  integer: '42',
  number: '3.149',
  boolean: 'true',
  null: 'null',
};

/**
 * A mapping template that makes what a model describes, to begin with.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
export const getModelTemplate: Operation<'apigateway', 'GetModelTemplate'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const { models } = tables(call);
  const schemaOf = (name: string): Tree => tree(JSON.parse(models.get([id, name])?.schema ?? '{}'));
  const name = input.modelName ?? '';
  if (!models.has([id, name])) throw notFound(`Invalid model name specified: ${name}`);

  const sample = (schema: Tree, indent: string, seen: readonly string[]): string => {
    const model = MODEL.exec(text(schema.$ref) ?? '')?.[1];
    // Models may go in circles; a sample does not.
    if (model !== undefined)
      return seen.includes(model) ? '{}' : sample(schemaOf(model), indent, [...seen, model]);
    const choices = list(schema.enum);
    if (choices.length > 0) return JSON.stringify(choices[0]);
    const deeper = `${indent}  `;
    if (schema.type === 'array' || schema.items !== undefined) {
      const item = sample(tree(schema.items), deeper, seen);
      const loop = '##TODO: Update this foreach loop to reference array from input json';
      return `[\n${loop}\n#foreach($elem in $inputRoot)\n${deeper}${item}#if($foreach.hasNext),#end\n#end\n${indent}]`;
    }
    if (schema.type === 'object' || isTree(schema.properties)) {
      const lines = Object.entries(tree(schema.properties)).map(
        ([key, one]) => `${deeper}${JSON.stringify(key)} : ${sample(tree(one), deeper, seen)}`,
      );
      return lines.length > 0 ? `{\n${lines.join(',\n')}\n${indent}}` : '{ }';
    }
    return SAMPLES[text(schema.type) ?? ''] ?? '{ }';
  };
  return { value: `#set($inputRoot = $input.path('$'))\n${sample(schemaOf(name), '', [name])}` };
};
