import type { Model } from '@aws-sdk/client-api-gateway';
import { compileModel } from '../../../execute-api/models';
import type { Call, Operation } from '../../../kernel';
import { badRequest, conflict, notFound, requireApi } from '../errors';
import { page } from '../pages';
import { patches, requireReplace } from '../patch';
import { tables } from '../store';
import { flattened } from './model-flatten';

export type ModelRecord = Model & { name: string };

/** The two models that every API begins with. */
export function defaultModels(call: Call): ModelRecord[] {
  return [
    {
      id: call.ids.lower(6),
      name: 'Empty',
      description: 'This is a default empty schema model',
      contentType: 'application/json',
      schema:
        '{\n  "$schema": "http://json-schema.org/draft-04/schema#",\n  "title" : "Empty Schema",\n  "type" : "object"\n}',
    },
    {
      id: call.ids.lower(6),
      name: 'Error',
      description: 'This is a default error schema model',
      contentType: 'application/json',
      schema:
        '{\n  "$schema" : "http://json-schema.org/draft-04/schema#",\n  "title" : "Error Schema",\n  "type" : "object",\n  "properties" : {\n    "message" : { "type" : "string" }\n  }\n}',
    },
  ];
}

function requireModel(call: Call, apiId: string | undefined, name: string | undefined): ModelRecord {
  const model = tables(call).models.get([apiId ?? '', name ?? '']);
  if (!model) throw notFound(`Invalid model name specified: ${name}`);
  return model;
}

export function checkSchema(call: Call, apiId: string, model: ModelRecord): void {
  const { schema, contentType } = model;
  if (!schema || schema.trim() === '') {
    throw badRequest('Model schema must have at least 1 property or array items defined');
  }
  if (contentType !== 'application/json') return;
  try {
    const models: Record<string, string> = {};
    for (const other of tables(call).models.values({ prefix: [apiId] }))
      models[other.name] = other.schema ?? '{}';
    compileModel(model.name, { ...models, [model.name]: schema });
  } catch {
    throw badRequest(
      'Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]',
    );
  }
}

export const createModel: Operation<'apigateway', 'CreateModel'> = (input, call) => {
  const { restApiId = '', name = '' } = input;
  requireApi(call, restApiId);
  if (name === '') throw badRequest('Model name must be non-empty');
  if (!/^[a-zA-Z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
  if (tables(call).models.has([restApiId, name])) {
    throw conflict('Model name already exists for this REST API');
  }
  const model: ModelRecord = {
    id: call.ids.lower(6),
    name,
    description: input.description || undefined,
    schema: input.schema,
    contentType: input.contentType,
  };
  checkSchema(call, restApiId, model);
  tables(call).models.put([restApiId, name], model);
  return model;
};

export const getModel: Operation<'apigateway', 'GetModel'> = (input, call) => {
  const model = requireModel(call, input.restApiId, input.modelName);
  if (!input.flatten || model.contentType !== 'application/json') return model;
  const all = tables(call).models.values({ prefix: [input.restApiId ?? ''] });
  const schemas = new Map([...all].map(({ name, schema = '{}' }) => [name, schema]));
  return { ...model, schema: flattened(model.name, schemas) };
};

export const getModels: Operation<'apigateway', 'GetModels'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  return page([...tables(call).models.values({ prefix: [id] })], (model) => model.name, input);
};

export const updateModel: Operation<'apigateway', 'UpdateModel'> = (input, call) => {
  const model = { ...requireModel(call, input.restApiId, input.modelName) };
  for (const patch of patches(input.patchOperations)) {
    requireReplace(patch, ['/description', '/schema']);
    if (patch.path === '/description') model.description = patch.value;
    else {
      model.schema = patch.value;
      checkSchema(call, input.restApiId ?? '', model);
    }
  }
  tables(call).models.put([input.restApiId ?? '', model.name], model);
  return model;
};

export const deleteModel: Operation<'apigateway', 'DeleteModel'> = (input, call) => {
  const { restApiId = '' } = input;
  const model = requireModel(call, restApiId, input.modelName);
  const { models, resources } = tables(call);
  for (const resource of resources.values({ prefix: [restApiId] })) {
    for (const method of Object.values(resource.methods)) {
      if (Object.values(method.requestModels ?? {}).includes(model.name)) {
        throw conflict(
          `Cannot delete model '${model.name}', is referenced in method request: ${resource.path}/${method.httpMethod}`,
        );
      }
    }
  }
  models.remove([restApiId, model.name]);
  return {};
};
