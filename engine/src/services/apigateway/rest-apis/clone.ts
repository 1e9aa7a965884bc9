import type { Call } from '../../../kernel';
import { requireApi } from '../errors';
import { type ApiRecord, tables } from '../store';

/**
 * Makes an API that has just been made what another one is. All in it gets ids of its own.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html#apigw-CreateRestApi-request-cloneFrom
 */
export function cloneInto(call: Call, to: ApiRecord, cloneFrom: string): void {
  const from = requireApi(call, cloneFrom);
  const all = tables(call);
  const ids = new Map<string, string>([[from.rootResourceId, to.rootResourceId]]);
  const renamed = (id: string): string => {
    const known = ids.get(id) ?? call.ids.lower(6);
    ids.set(id, known);
    return known;
  };
  const renamedIf = (id: string | undefined) => (id === undefined ? undefined : renamed(id));
  all.models.clear({ prefix: [to.id] });
  for (const model of all.models.values({ prefix: [from.id] })) {
    const schema = model.schema?.replaceAll(`/restapis/${from.id}/models/`, `/restapis/${to.id}/models/`);
    all.models.put([to.id, model.name], { ...model, id: call.ids.lower(6), schema });
  }
  for (const one of all.validators.values({ prefix: [from.id] }))
    all.validators.put([to.id, renamed(one.id)], { ...one, id: renamed(one.id) });
  for (const one of all.authorizers.values({ prefix: [from.id] }))
    all.authorizers.put([to.id, renamed(one.id)], { ...one, id: renamed(one.id) });
  for (const one of all.gatewayResponses.values({ prefix: [from.id] }))
    all.gatewayResponses.put([to.id, one.responseType ?? ''], one);
  for (const resource of all.resources.values({ prefix: [from.id] })) {
    for (const method of Object.values(resource.methods)) {
      method.requestValidatorId = renamedIf(method.requestValidatorId);
      method.authorizerId = renamedIf(method.authorizerId);
      const integration = method.methodIntegration;
      if (integration?.cacheNamespace === resource.id) integration.cacheNamespace = renamed(resource.id);
    }
    const id = renamed(resource.id);
    all.resources.put([to.id, id], { ...resource, id, parentId: renamedIf(resource.parentId) });
  }
}
