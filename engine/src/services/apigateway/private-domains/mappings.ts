import type { BasePathMapping } from '@aws-sdk/client-api-gateway';
import type { Call, Input } from '../../../kernel';
import { checkKey, keyOf, NONE } from '../domains/base-path';
import { badRequest, conflict, notFound } from '../errors';
import { page } from '../pages';
import { invalidOperation, invalidPath, patches } from '../patch';
import { tables } from '../store';
import { type PrivateDomain, type PrivateMapping, privateTables, requirePrivateDomain } from './store';

const shown = ({ basePath, restApiId, stage }: PrivateMapping): BasePathMapping => ({
  basePath: basePath || NONE,
  restApiId,
  stage: stage || undefined,
});

interface Asked {
  domainName?: string | undefined;
  domainNameId?: string | undefined;
}

const domainOf = (call: Call, { domainName, domainNameId }: Asked): PrivateDomain =>
  requirePrivateDomain(call, domainName, domainNameId);

function checked(call: Call, mapping: Partial<PrivateMapping>): PrivateMapping {
  const { basePath = '', restApiId = '' } = mapping;
  // Without a stage callers name it behind the base path.
  const stage = keyOf(mapping.stage);
  const { apis, stages } = tables(call);
  checkKey(basePath);
  const api = apis.get(restApiId);
  if (!api) throw badRequest('Invalid REST API identifier specified');
  if (api.endpointConfiguration?.types?.[0] !== 'PRIVATE')
    throw badRequest('Only private APIs can be mapped to a private domain name.');
  if (stage && !stages.has([restApiId, stage])) throw badRequest('Invalid stage identifier specified');
  return { basePath, restApiId, stage };
}

function requireMapping(call: Call, domain: PrivateDomain, basePath: string | undefined): PrivateMapping {
  const mapping = privateTables(call).mappings.get([domain.id, keyOf(basePath)]);
  if (!mapping) throw notFound('Invalid base path mapping identifier specified');
  return mapping;
}

function put(call: Call, domain: PrivateDomain, mapping: PrivateMapping): BasePathMapping {
  const { mappings } = privateTables(call);
  if (mappings.has([domain.id, mapping.basePath]))
    throw conflict('Base path already exists for this domain name');
  mappings.put([domain.id, mapping.basePath], mapping);
  return shown(mapping);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-provider-create.html */
export function createPrivateMapping(call: Call, input: Input<'apigateway', 'CreateBasePathMapping'>) {
  const domain = domainOf(call, input);
  const { restApiId, stage } = input;
  return put(call, domain, checked(call, { basePath: keyOf(input.basePath), restApiId, stage }));
}

export const getPrivateMapping = (call: Call, input: Input<'apigateway', 'GetBasePathMapping'>) =>
  shown(requireMapping(call, domainOf(call, input), input.basePath));

export function getPrivateMappings(call: Call, input: Input<'apigateway', 'GetBasePathMappings'>) {
  const { id } = domainOf(call, input);
  const all = [...privateTables(call).mappings.values({ prefix: [id] })].map(shown);
  return page(all, ({ basePath = '' }) => basePath, input);
}

export function updatePrivateMapping(call: Call, input: Input<'apigateway', 'UpdateBasePathMapping'>) {
  const domain = domainOf(call, input);
  const before = requireMapping(call, domain, input.basePath);
  const updated = { ...before };
  for (const { op, path, value } of patches(input.patchOperations)) {
    if (op !== 'replace') throw invalidOperation(['replace']);
    if (path === '/basePath') updated.basePath = keyOf(value);
    else if (path === '/restapiId' || path === '/restApiId') updated.restApiId = value ?? '';
    else if (path === '/stage') updated.stage = value ?? '';
    else throw invalidPath(path);
  }
  const mapping = checked(call, updated);
  return call.store.transaction(() => {
    privateTables(call).mappings.remove([domain.id, before.basePath]);
    return put(call, domain, mapping);
  });
}

export function deletePrivateMapping(call: Call, input: Input<'apigateway', 'DeleteBasePathMapping'>) {
  const domain = domainOf(call, input);
  const { basePath } = requireMapping(call, domain, input.basePath);
  privateTables(call).mappings.remove([domain.id, basePath]);
  return {};
}

/** Whether a private domain leads to an API, or to one of its stages. */
export function privatelyMapped(call: Call, apiId: string, stage: string | undefined): string | undefined {
  for (const { key, value } of privateTables(call).mappings.entries()) {
    if (value.restApiId !== apiId || (stage !== undefined && value.stage !== stage)) continue;
    const name = privateTables(call).domains.get(String(key[0]))?.name;
    return `${name}/${value.basePath || NONE}`;
  }
  return undefined;
}
