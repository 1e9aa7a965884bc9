import type { AnySchema } from 'ajv';
import Ajv from 'ajv-draft-04';
import { ModelFaults } from './faults';

/** Undefined where the value fits, else all that does not. */
export type BodyValidator = (value: unknown) => readonly string[] | undefined;

/** A model refers to another of the same API as `https://apigateway.amazonaws.com/restapis/<id>/models/<name>`. */
const REFERENCE = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/([^/#]+)(#.*)?$/;

/**
 * A validator of a model (JSON schema draft 4) with the models it refers to.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
export function compileModel(name: string, models: Readonly<Record<string, string>>): BodyValidator {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  const added = new Map<string, unknown>();
  const add = (model: string): void => {
    const text = models[model];
    if (added.has(model) || text === undefined) return;
    // Before it is rewritten: models may refer to themselves, and to one another.
    added.set(model, undefined);
    const schema = rewrite(JSON.parse(text) as unknown, add);
    added.set(model, schema);
    if (typeof schema === 'object' && schema !== null) {
      const { id: _id, ...rest } = schema as Record<string, unknown>;
      ajv.addSchema(rest as AnySchema, `model:${model}`);
    }
  };
  add(name);
  const validator = ajv.getSchema(`model:${name}`);
  if (!validator) throw new Error(`no model ${name}`);
  return (value) => {
    if (validator(value)) return undefined;
    const faults = new ModelFaults(added).ofModel(name, value);
    return faults.length > 0
      ? faults
      : (validator.errors ?? []).map(({ keyword, message }) => message ?? keyword);
  };
}

function rewrite(schema: unknown, found: (model: string) => void): unknown {
  if (Array.isArray(schema)) return schema.map((entry) => rewrite(entry, found));
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    const reference = key === '$ref' && typeof value === 'string' ? REFERENCE.exec(value) : null;
    if (reference) {
      found(reference[1]!);
      out[key] = `model:${reference[1]}${reference[2] ?? ''}`;
    } else {
      out[key] = rewrite(value, found);
    }
  }
  return out;
}
