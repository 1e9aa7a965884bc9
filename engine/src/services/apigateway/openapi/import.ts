import type { Call, Input, Operation } from '../../../kernel';
import { badRequest, requireApi } from '../errors';
import { shown as visible } from '../rest-apis/resource-policy';
import { createRestApi, deleteRestApi } from '../rest-apis/rest-apis';
import { type ApiRecord, tables } from '../store';
import { Application } from './apply';
import { backup, empty, restore } from './backup';
import { type Definition, parseDefinition } from './document';
import { Issues } from './issues';
import { type Mode, withSettings } from './settings';
import { oneOf, text, tree } from './tree';

type Parameters = Input<'apigateway', 'ImportRestApi'>['parameters'];

async function apply(
  call: Call,
  api: ApiRecord,
  definition: Definition,
  mode: Mode,
  parameters: Parameters,
  issues: Issues,
): Promise<ApiRecord> {
  const ignoreDocumentation = parameters?.ignore === 'documentation';
  const ids = mode === 'overwrite' ? empty(call, api, ignoreDocumentation) : new Map<string, string>();
  const updated = await withSettings(call, api, definition, mode);
  tables(call).apis.put(api.id, updated);
  const options = { basepath: parameters?.basepath, ignoreDocumentation, ids };
  await new Application(call, api.id, definition, issues, options).run();
  return updated;
}

/** Operations get blobs as bytes, whatever clients may send. */
const bytesOf = (body: unknown) => (body instanceof Uint8Array ? body : undefined);

const told = (issues: Issues) => (issues.warnings.length > 0 ? { warnings: issues.warnings } : {});

/** https://docs.aws.amazon.com/apigateway/latest/api/API_ImportRestApi.html */
export const importRestApi: Operation<'apigateway', 'ImportRestApi'> = async (input, call) => {
  const definition = parseDefinition(bytesOf(input.body));
  const issues = new Issues();
  const title = text(tree(definition.root.info).title);
  if (!title) throw badRequest('Errors found during import:\n\tParse issue: attribute info.title is missing');
  const made = await createRestApi(
    { name: title, endpointConfiguration: endpointOf(input.parameters) },
    call,
  );
  const api = requireApi(call, made.id);
  try {
    const imported = await apply(call, api, definition, 'overwrite', input.parameters, issues);
    issues.check(input.failOnWarnings);
    return { ...visible(imported), ...told(issues) };
  } catch (error) {
    await deleteRestApi({ restApiId: api.id }, call);
    throw error;
  }
};

function endpointOf(parameters: Parameters) {
  const given = parameters?.endpointConfigurationTypes;
  const type = oneOf(given, ['EDGE', 'REGIONAL', 'PRIVATE'] as const);
  if (given !== undefined && type === undefined) throw badRequest('Invalid endpoint type specified');
  const vpcEndpointIds = parameters?.vpcEndpointIds?.split(',').map((id) => id.trim());
  return type === undefined ? undefined : { types: [type], ...(vpcEndpointIds && { vpcEndpointIds }) };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-update.html */
export const putRestApi: Operation<'apigateway', 'PutRestApi'> = async (input, call) => {
  const api = requireApi(call, input.restApiId);
  const definition = parseDefinition(bytesOf(input.body));
  const before = backup(call, api);
  const issues = new Issues();
  try {
    const updated = await apply(call, api, definition, input.mode ?? 'merge', input.parameters, issues);
    issues.check(input.failOnWarnings);
    return { ...visible(updated), tags: updated.tags ?? {}, ...told(issues) };
  } catch (error) {
    restore(call, before);
    throw error;
  }
};
