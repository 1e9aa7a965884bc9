import type { Call } from '../../../kernel';
import { checkSchema, type ModelRecord } from '../models/models';
import { tables } from '../store';
import { type Definition, schemasOf } from './document';
import type { Issues } from './issues';
import { isTree, type Tree, text } from './tree';

const REFERENCE = /^#\/(?:definitions|components\/schemas)\/([^/]+)$/;

/** The model that a schema is nothing but a reference to. */
export function referenced(schema: Tree): string | undefined {
  return REFERENCE.exec(text(schema.$ref) ?? '')?.[1];
}

/** Attributes of OpenAPI's schemas that models have not: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
const DROPPED = ['example', 'readOnly', 'writeOnly', 'discriminator', 'xml', 'externalDocs', 'deprecated'];

/** The schema as models write it: references go to models of the same API. */
function rewritten(value: unknown, apiId: string, named: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => rewritten(one, apiId, false));
  if (!isTree(value)) return value;
  const out: Tree = {};
  for (const [key, one] of Object.entries(value)) {
    // Below `properties` the keys are the document's own.
    if (!named && (DROPPED.includes(key) || key.startsWith('x-'))) continue;
    const model = !named && key === '$ref' ? REFERENCE.exec(text(one) ?? '')?.[1] : undefined;
    out[key] = model
      ? `https://apigateway.amazonaws.com/restapis/${apiId}/models/${model}`
      : rewritten(one, apiId, !named && (key === 'properties' || key === 'patternProperties'));
  }
  return out;
}

/** `{"a" : 1}` over lines, as API Gateway prints schemas. */
export function printed(value: unknown): string {
  const lines = JSON.stringify(value, null, 2).split('\n');
  return lines.map((line) => line.replace(/^(\s*"(?:[^"\\]|\\.)*"): /, '$1 : ')).join('\n');
}

export class Models {
  constructor(
    readonly call: Call,
    readonly apiId: string,
    readonly definition: Definition,
    readonly issues: Issues,
  ) {}

  /** Makes a model of each of the document's schemas. They may refer to each other in circles. */
  async putAll(): Promise<void> {
    const models: ModelRecord[] = [];
    for (const [name, schema] of Object.entries(schemasOf(this.definition))) {
      if (!/^[a-zA-Z0-9]+$/.test(name)) {
        this.issues.errors.push(
          `Unable to create model for '${name}': Model name must be alphanumeric: ${name}`,
        );
        continue;
      }
      if (isTree(schema)) models.push(this.#put(name, schema));
    }
    for (const model of models) {
      await this.issues.attempt(`Unable to create model for '${model.name}'`, () =>
        checkSchema(this.call, this.apiId, model),
      );
    }
  }

  /** The model of a body: the one referred to, or a new one for a schema that stands where it is used. */
  of(schema: Tree): string | undefined {
    const name = referenced(schema);
    if (name === undefined) {
      if (Object.keys(schema).length === 0) return undefined;
      return this.#put(`MODEL${this.call.ids.hex(6)}`, schema).name;
    }
    if (tables(this.call).models.has([this.apiId, name])) return name;
    this.issues.warn(`Reference to model '${name}' not found. Ignoring.`);
    return undefined;
  }

  #put(name: string, schema: Tree): ModelRecord {
    const { models } = tables(this.call);
    const model: ModelRecord = {
      id: models.get([this.apiId, name])?.id ?? this.call.ids.lower(6),
      name,
      description: text(schema.description),
      contentType: 'application/json',
      schema: printed(rewritten(schema, this.apiId, false)),
    };
    models.put([this.apiId, name], model);
    return model;
  }
}
