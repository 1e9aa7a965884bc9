import type { Call } from '../../../kernel';
import { createAuthorizer } from '../authorizers';
import { changed } from '../changed';
import { badRequest } from '../errors';
import { createIntegration } from '../integrations';
import { createRoute } from '../routes';
import { type ApiRecord, tables } from '../store';
import type { Plan, PlannedRoute } from './read';

/** Makes the API what a plan says. Whoever calls it does so within a transaction: it is all or nothing. */
export function applyPlan(call: Call, api: ApiRecord, plan: Plan, basepath: string | undefined): void {
  const { authorizers, integrations, routes } = tables(call);
  for (const part of [routes, integrations, authorizers]) part.clear({ prefix: [api.ApiId] });
  const ids = new Map<string, string>();
  for (const [name, input] of plan.authorizers) {
    const made = sync(createAuthorizer({ ApiId: api.ApiId, ...input }, call));
    ids.set(name, made.AuthorizerId ?? '');
  }
  const prefix = prefixOf(plan, basepath);
  for (const route of plan.routes) put(call, api.ApiId, route, ids, prefix);
  changed(call, api.ApiId);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html */
function prefixOf({ basePath }: Plan, how = 'ignore'): string {
  if (!['ignore', 'prepend', 'split'].includes(how))
    throw badRequest(`Invalid basepath ${how}. Must be one of: [ignore, prepend, split]`);
  if (basePath === '' || how === 'ignore') return '';
  if (how === 'prepend') return `/${basePath}`;
  // The first part is the stage's business.
  const [, ...rest] = basePath.split('/');
  return rest.length === 0 ? '' : `/${rest.join('/')}`;
}

function put(
  call: Call,
  ApiId: string,
  route: PlannedRoute,
  authorizers: ReadonlyMap<string, string>,
  prefix: string,
): void {
  const integration = route.integration && sync(createIntegration({ ApiId, ...route.integration }, call));
  sync(
    createRoute(
      {
        ApiId,
        RouteKey: prefix === '' ? route.key : route.key.replace(/ \/?/, ` ${prefix}/`),
        AuthorizationType: route.authorization,
        AuthorizerId: authorizers.get(route.authorizer ?? ''),
        ...(route.scopes.length > 0 ? { AuthorizationScopes: route.scopes } : {}),
        OperationName: route.operationName,
        ...(integration ? { Target: `integrations/${integration.IntegrationId}` } : {}),
      },
      call,
    ),
  );
}

/** These operations ask nobody else, and so are done at once: only that makes one transaction of them. */
function sync<T>(output: T | Promise<T>): T {
  if (output instanceof Promise) throw new Error('an operation that should be synchronous is not');
  return output;
}
