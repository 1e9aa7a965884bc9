import { yamlDump } from 'yaml-cfn';
import type { ApiSnapshot } from '../../../execute-api/deployed';
import { keyOfMethod } from '../../../execute-api/openapi-methods';
import { type Call, notImplemented, type Operation, type Output } from '../../../kernel';
import { badRequest, notFound, requireApi } from '../errors';
import { type ApiRecord, type StageRecord, tables } from '../store';
import { ExportedModels } from './export-components';
import { known } from './export-integration';
import { type Exporting, exportedMethod } from './export-method';
import { exportedDocumentation, exportedSettings } from './export-settings';
import type { Tree } from './tree';

const EXTENSIONS = ['integrations', 'authorizers', 'apigateway', 'documentation'];

/**
 * What a stage has deployed, as a definition that can be imported.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-export-api.html
 */
export const getExport: Operation<'apigateway', 'GetExport'> = (input, call) => {
  const api = requireApi(call, input.restApiId);
  const { stages, snapshots } = tables(call);
  const stage = stages.get([api.id, input.stageName ?? '']);
  const snapshot = stage && snapshots.get([api.id, stage.deploymentId]);
  if (!stage || !snapshot) throw notFound('Invalid stage identifier specified');
  const version = input.exportType === 'oas30' ? 3 : input.exportType === 'swagger' ? 2 : undefined;
  if (version === undefined) throw badRequest(`No API exporter for type '${input.exportType}'`);
  const format = formatOf(input.accepts);
  const extensions = extensionsOf(input.parameters?.extensions);
  const document = definitionOf(call, api, stage, snapshot, version, extensions);
  const text = format === 'json' ? JSON.stringify(document, null, 2) : `---\n${yamlDump(document)}`;
  const name = `${input.exportType}_${versionOf(api)}.${format}`;
  return {
    contentType: 'application/octet-stream',
    contentDisposition: `attachment; filename="${name}"`,
    body: asBlob(Buffer.from(text)),
  };
};

type Body = NonNullable<Output<'apigateway', 'GetExport'>['body']>;

/** The SDK's outputs dress bytes up with a method; an operation's are plain. */
const asBlob = (bytes: Uint8Array) => bytes as Body;

function formatOf(accepts: string | undefined): 'json' | 'yaml' {
  const type = (accepts ?? 'application/json').split(/[,;]/)[0]?.trim() ?? '';
  if (['application/json', '*/*', ''].includes(type)) return 'json';
  if (type === 'application/yaml') return 'yaml';
  throw badRequest(`Unsupported media type: ${type}. Must be one of: [application/json, application/yaml]`);
}

function extensionsOf(given: string | undefined): Set<string> {
  const names = (given ?? '').split(',').map((name) => name.trim());
  for (const name of names) {
    if (name === 'postman') throw notImplemented('API Gateway GetExport extensions=postman');
    if (name !== '' && !EXTENSIONS.includes(name)) throw badRequest(`Invalid export extension: ${name}`);
  }
  return new Set(names);
}

/** An API without a version is of the time it was made. */
const versionOf = (api: ApiRecord): string =>
  api.version ?? api.createdDate.toISOString().replace(/\.\d{3}/, '');

export function definitionOf(
  call: Call,
  api: ApiRecord,
  stage: StageRecord,
  snapshot: ApiSnapshot,
  version: 2 | 3,
  extensions: ReadonlySet<string>,
): Tree {
  const all = extensions.has('apigateway');
  const out: Exporting = {
    version,
    snapshot,
    models: new ExportedModels(snapshot.models, version === 2 ? '#/definitions' : '#/components/schemas'),
    securitySchemes: {},
    integrations: all || extensions.has('integrations'),
    authorizers: all || extensions.has('authorizers'),
    all,
  };
  const paths = pathsOf(out);
  const { schemas } = out.models;
  const documented =
    extensions.has('documentation') && stage.documentationVersion
      ? tables(call).documentationVersions.get([api.id, stage.documentationVersion])
      : undefined;
  return {
    ...headOf(call, api, stage, version),
    paths,
    ...(version === 3 ? { components: some({ schemas, securitySchemes: out.securitySchemes }) } : {}),
    ...(version === 2 ? some({ securityDefinitions: out.securitySchemes, definitions: schemas }) : {}),
    ...(all ? exportedSettings(snapshot, api.endpointConfiguration?.vpcEndpointIds) : {}),
    ...(documented ? exportedDocumentation(documented) : {}),
  };
}

/** Those of the mappings that have something in them. */
const some = (given: Record<string, Tree>): Tree =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => Object.keys(value).length > 0));

function pathsOf(out: Exporting): Tree {
  const paths: Tree = {};
  for (const resource of out.snapshot.resources) {
    const methods = Object.entries(resource.methods).map(([name, method]) => [
      keyOfMethod(name),
      exportedMethod(out, resource, method),
    ]);
    if (methods.length > 0) paths[resource.path] = Object.fromEntries(methods);
  }
  return paths;
}

function headOf(call: Call, api: ApiRecord, stage: StageRecord, version: 2 | 3): Tree {
  const host = `${api.id}.execute-api.${call.region}.amazonaws.com`;
  const info = known({ title: api.name, description: api.description, version: versionOf(api) });
  if (version === 2) {
    return { swagger: '2.0', info, host, basePath: `/${stage.stageName}`, schemes: ['https'] };
  }
  const servers = [
    { url: `https://${host}/{basePath}`, variables: { basePath: { default: stage.stageName } } },
  ];
  return { openapi: '3.0.1', info, servers };
}
