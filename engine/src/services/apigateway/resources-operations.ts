import type { Resource } from '@aws-sdk/client-api-gateway';
import type { Call, Operation } from '../../kernel';
import { badRequest, conflict, notFound, requireApi, requireResource } from './errors';
import { page } from './pages';
import { patches, requireReplace } from './patch';
import { checkPathPart, joinPath } from './path-parts';
import { type ResourceRecord, tables } from './store';

function resourcesOf(call: Call, apiId: string): ResourceRecord[] {
  return [...tables(call).resources.values({ prefix: [apiId] })];
}

/** Without `embed=methods` a resource only names its methods. */
function shown(resource: ResourceRecord, embed: readonly string[] | undefined): Resource {
  const { methods, ...rest } = resource;
  const names = Object.keys(methods).sort();
  if (names.length === 0) return rest;
  const embedded = embed?.includes('methods');
  return {
    ...rest,
    resourceMethods: Object.fromEntries(names.map((name) => [name, embedded ? (methods[name] ?? {}) : {}])),
  };
}

export const createResource: Operation<'apigateway', 'CreateResource'> = (input, call) => {
  const { restApiId = '', pathPart = '' } = input;
  const parent = requireResource(call, restApiId, input.parentId);
  const siblings = resourcesOf(call, restApiId).filter((other) => other.parentId === parent.id);
  checkPathPart(pathPart, parent, siblings);
  const id = call.ids.lower(6);
  const resource = { id, parentId: parent.id, pathPart, path: joinPath(parent, pathPart), methods: {} };
  tables(call).resources.put([restApiId, id], resource);
  return shown(resource, undefined);
};

export const getResource: Operation<'apigateway', 'GetResource'> = (input, call) => {
  return shown(requireResource(call, input.restApiId, input.resourceId), input.embed);
};

export const getResources: Operation<'apigateway', 'GetResources'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const all = resourcesOf(call, id).sort((a, b) => (a.path < b.path ? -1 : 1));
  const { items, position } = page(all, (resource) => resource.id, input);
  return { items: items.map((resource) => shown(resource, input.embed)), position };
};

export const updateResource: Operation<'apigateway', 'UpdateResource'> = (input, call) => {
  const { restApiId = '' } = input;
  const resource = { ...requireResource(call, restApiId, input.resourceId) };
  const all = resourcesOf(call, restApiId);
  const byId = new Map(all.map((one) => [one.id, one]));
  for (const patch of patches(input.patchOperations)) {
    requireReplace(patch, ['/parentId', '/pathPart']);
    if (patch.path === '/pathPart') resource.pathPart = patch.value;
    else {
      if (!byId.has(patch.value ?? '')) throw notFound('Invalid Resource identifier specified');
      resource.parentId = patch.value;
    }
    checkPlace(resource, all, byId);
  }
  byId.set(resource.id, resource);
  call.store.transaction(() => rewritePaths(call, restApiId, byId));
  return shown(requireResource(call, restApiId, resource.id), undefined);
};

function checkPlace(
  resource: ResourceRecord,
  all: readonly ResourceRecord[],
  byId: ReadonlyMap<string, ResourceRecord>,
): void {
  const parent = byId.get(resource.parentId ?? '');
  if (!parent) throw badRequest('Cannot update root resource.');
  const siblings = all.filter((other) => other.parentId === parent.id && other.id !== resource.id);
  const part = resource.pathPart ?? '';
  if (siblings.some((sibling) => sibling.pathPart === part)) {
    throw conflict(`Another resource with the same parent already has this name: ${part}`);
  }
  for (let at: ResourceRecord | undefined = parent; at; at = byId.get(at.parentId ?? '')) {
    if (at.id === resource.id) throw badRequest('Resources cannot be cyclical.');
  }
  checkPathPart(part, parent, siblings);
}

/** A resource that moved takes all below it along. */
function rewritePaths(call: Call, apiId: string, byId: ReadonlyMap<string, ResourceRecord>): void {
  const { resources } = tables(call);
  const pathOf = (resource: ResourceRecord): string => {
    const parent = byId.get(resource.parentId ?? '');
    return parent ? joinPath({ ...parent, path: pathOf(parent) }, resource.pathPart ?? '') : '/';
  };
  for (const resource of byId.values()) {
    resources.put([apiId, resource.id], { ...resource, path: pathOf(resource) });
  }
}

export const deleteResource: Operation<'apigateway', 'DeleteResource'> = (input, call) => {
  const { restApiId = '' } = input;
  const resource = requireResource(call, restApiId, input.resourceId);
  if (resource.parentId === undefined) throw badRequest('Cannot delete root resource.');
  const all = resourcesOf(call, restApiId);
  const doomed = [resource.id];
  for (const id of doomed) {
    for (const other of all) if (other.parentId === id) doomed.push(other.id);
  }
  call.store.transaction(() => {
    for (const id of doomed) tables(call).resources.remove([restApiId, id]);
  });
  return {};
};
