import type { DocumentationPart } from '@aws-sdk/client-api-gateway';
import { type Call, notImplemented, type Operation } from '../../../kernel';
import { badRequest, conflict, notFound, requireApi } from '../errors';
import { Issues } from '../openapi/issues';
import { isTree, list, text, tree } from '../openapi/tree';
import { page } from '../pages';
import { invalidOperation, invalidPath, patches } from '../patch';
import { tables } from '../store';
import { checkLocation, keyOf } from './locations';
import { putParts } from './put-parts';

type PartRecord = DocumentationPart & { id: string };

export function partsOf(call: Call, apiId: string): PartRecord[] {
  return [...tables(call).documentationParts.values({ prefix: [apiId] })];
}

function requirePart(call: Call, apiId: string, id: string | undefined): PartRecord {
  const part = tables(call).documentationParts.get([apiId, id ?? '']);
  if (!part) throw notFound('Invalid Documentation part identifier specified');
  return part;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api-content-representation.html */
function checkProperties(properties: string | undefined): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(properties ?? '');
  } catch {
    throw badRequest('Invalid documentation properties: not a valid JSON object');
  }
  if (!isTree(parsed)) throw badRequest('Invalid documentation properties: not a valid JSON object');
  return properties ?? '';
}

export const createDocumentationPart: Operation<'apigateway', 'CreateDocumentationPart'> = (input, call) => {
  const { id: apiId } = requireApi(call, input.restApiId);
  const location = checkLocation(input.location);
  const key = keyOf(location);
  if (partsOf(call, apiId).some((part) => keyOf(part.location) === key)) {
    throw conflict('Documentation part already exists for the specified location');
  }
  const part: PartRecord = {
    id: call.ids.lower(6),
    location,
    properties: checkProperties(input.properties),
  };
  tables(call).documentationParts.put([apiId, part.id], part);
  return part;
};

export const getDocumentationPart: Operation<'apigateway', 'GetDocumentationPart'> = (input, call) => {
  return requirePart(call, requireApi(call, input.restApiId).id, input.documentationPartId);
};

export const getDocumentationParts: Operation<'apigateway', 'GetDocumentationParts'> = (input, call) => {
  const api = requireApi(call, input.restApiId);
  const { type, nameQuery, path, locationStatus } = input;
  if (locationStatus === 'UNDOCUMENTED') {
    throw notImplemented('API Gateway GetDocumentationParts locationStatus UNDOCUMENTED');
  }
  const found = partsOf(call, api.id).filter(
    ({ location }) =>
      (type === undefined || location?.type === type) &&
      (path === undefined || location?.path === path) &&
      (nameQuery === undefined || location?.name?.includes(nameQuery)),
  );
  return page(found, (part) => part.id, input);
};

export const updateDocumentationPart: Operation<'apigateway', 'UpdateDocumentationPart'> = (input, call) => {
  const { id: apiId } = requireApi(call, input.restApiId);
  const part = requirePart(call, apiId, input.documentationPartId);
  for (const patch of patches(input.patchOperations)) {
    if (patch.path !== '/properties') throw invalidPath(patch.path);
    if (patch.op !== 'replace') throw invalidOperation(['replace']);
    part.properties = checkProperties(patch.value);
  }
  tables(call).documentationParts.put([apiId, part.id], part);
  return part;
};

export const deleteDocumentationPart: Operation<'apigateway', 'DeleteDocumentationPart'> = (input, call) => {
  const { id: apiId } = requireApi(call, input.restApiId);
  const part = requirePart(call, apiId, input.documentationPartId);
  tables(call).documentationParts.remove([apiId, part.id]);
  return {};
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api-quick-start-import-export.html */
export const importDocumentationParts: Operation<'apigateway', 'ImportDocumentationParts'> = (
  input,
  call,
) => {
  const { id: apiId } = requireApi(call, input.restApiId);
  const issues = new Issues();
  const given = parse(input.body);
  const { documentationParts } = tables(call);
  return call.store.transaction(() => {
    if (input.mode === 'overwrite') documentationParts.clear({ prefix: [apiId] });
    const parts = given.map((one) => {
      const { location, properties } = tree(one);
      const at = tree(location);
      return {
        location: {
          type: text(at.type) ?? '',
          path: text(at.path),
          method: text(at.method),
          statusCode: text(at.statusCode),
          name: text(at.name),
        },
        properties: tree(properties),
      };
    });
    const ids = putParts(call, apiId, parts, issues);
    issues.check(input.failOnWarnings);
    return { ids, warnings: issues.warnings };
  });
};

/** The parts of an OpenAPI extension, with or without all that stands around it. */
function parse(body: unknown): unknown[] {
  try {
    const root = tree(JSON.parse(Buffer.from(body instanceof Uint8Array ? body : '').toString('utf8')));
    const extension = root['x-amazon-apigateway-documentation'];
    return list(tree(extension ?? root).documentationParts);
  } catch {
    throw badRequest('Invalid documentation input: not a valid JSON object');
  }
}
