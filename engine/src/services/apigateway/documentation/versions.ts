import type { DocumentationVersion } from '@aws-sdk/client-api-gateway';
import { deployedApis } from '../../../execute-api/deployed';
import type { Call, Operation } from '../../../kernel';
import { badRequest, conflict, notFound, requireApi } from '../errors';
import { page } from '../pages';
import { invalidOperation, invalidPath, patches } from '../patch';
import { wholeSeconds } from '../rest-apis/rest-apis';
import { type DocumentationVersionRecord, tables } from '../store';
import { partsOf } from './parts';

export function requireVersion(
  call: Call,
  apiId: string,
  version: string | undefined,
): DocumentationVersionRecord {
  const found = tables(call).documentationVersions.get([apiId, version ?? '']);
  if (!found) throw notFound('Invalid Documentation version specified');
  return found;
}

const shown = ({ version, createdDate, description }: DocumentationVersionRecord): DocumentationVersion => ({
  version,
  createdDate,
  description,
});

/** The parts as they are now get a name, and a stage that publishes them. */
export const createDocumentationVersion: Operation<'apigateway', 'CreateDocumentationVersion'> = (
  input,
  call,
) => {
  const { id: apiId } = requireApi(call, input.restApiId);
  const { documentationVersions, stages } = tables(call);
  const version = input.documentationVersion ?? '';
  if (!/^[\w.-]{1,64}$/.test(version)) {
    throw badRequest('Documentation version only allows a-zA-Z0-9._- and must have at most 64 characters');
  }
  if (documentationVersions.has([apiId, version])) throw conflict('Documentation version already exists');
  const stage = input.stageName ? stages.get([apiId, input.stageName]) : undefined;
  if (input.stageName && !stage) throw notFound('Invalid stage identifier specified');
  const parts = partsOf(call, apiId);
  if (parts.length === 0) {
    throw badRequest('Cannot create a documentation version: there are no documentation parts');
  }
  const made: DocumentationVersionRecord = {
    version,
    createdDate: wholeSeconds(call),
    description: input.description || undefined,
    parts,
  };
  call.store.transaction(() => {
    documentationVersions.put([apiId, version], made);
    if (stage) stages.put([apiId, stage.stageName], { ...stage, documentationVersion: version });
  });
  deployedApis(call).invalidate(apiId);
  return shown(made);
};

export const getDocumentationVersion: Operation<'apigateway', 'GetDocumentationVersion'> = (input, call) => {
  return shown(requireVersion(call, requireApi(call, input.restApiId).id, input.documentationVersion));
};

export const getDocumentationVersions: Operation<'apigateway', 'GetDocumentationVersions'> = (
  input,
  call,
) => {
  const { id } = requireApi(call, input.restApiId);
  const all = [...tables(call).documentationVersions.values({ prefix: [id] })].map(shown);
  return page(all, (one) => one.version ?? '', input);
};

export const updateDocumentationVersion: Operation<'apigateway', 'UpdateDocumentationVersion'> = (
  input,
  call,
) => {
  const { id: apiId } = requireApi(call, input.restApiId);
  const version = requireVersion(call, apiId, input.documentationVersion);
  for (const patch of patches(input.patchOperations)) {
    if (patch.path !== '/description') throw invalidPath(patch.path);
    if (patch.op !== 'replace') throw invalidOperation(['replace']);
    version.description = patch.value;
  }
  tables(call).documentationVersions.put([apiId, version.version], version);
  return shown(version);
};

export const deleteDocumentationVersion: Operation<'apigateway', 'DeleteDocumentationVersion'> = (
  input,
  call,
) => {
  const { id: apiId } = requireApi(call, input.restApiId);
  const { documentationVersions, stages } = tables(call);
  const { version } = requireVersion(call, apiId, input.documentationVersion);
  for (const stage of stages.values({ prefix: [apiId] })) {
    if (stage.documentationVersion === version) {
      throw conflict(`Documentation version is in use by stage ${stage.stageName}`);
    }
  }
  documentationVersions.remove([apiId, version]);
  return {};
};
