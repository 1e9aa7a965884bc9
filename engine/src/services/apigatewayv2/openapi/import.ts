import type { ImportApiRequest } from '@aws-sdk/client-apigatewayv2';
import type { Operation } from '../../../kernel';
import { createApi } from '../apis';
import { badRequest, requireApi } from '../errors';
import { checkCors } from '../rules/cors';
import { type ApiRecord, tables } from '../store';
import { applyPlan } from './apply';
import { parseDefinition } from './document';
import { type Plan, readDefinition } from './read';

function planOf(input: Pick<ImportApiRequest, 'Body' | 'FailOnWarnings'>): Plan {
  const plan = readDefinition(parseDefinition(input.Body ?? ''));
  if (input.FailOnWarnings && plan.warnings.length > 0)
    throw badRequest(`Warnings found during import:\n\t${plan.warnings.join('\n\t')}`);
  return plan;
}

const withWarnings = (api: ApiRecord, { warnings }: Plan): ApiRecord =>
  warnings.length === 0 ? api : { ...api, Warnings: warnings };

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html */
export const importApi: Operation<'apigatewayv2', 'ImportApi'> = (input, call) => {
  const plan = planOf(input);
  return call.store.transaction(() => {
    const made = createApi(
      {
        Name: plan.name,
        ProtocolType: 'HTTP',
        CorsConfiguration: plan.cors,
        Description: plan.description,
        Tags: plan.tags,
        Version: plan.version,
      },
      call,
    ) as ApiRecord;
    applyPlan(call, made, plan, input.Basepath);
    return withWarnings(requireApi(call, made.ApiId), plan);
  });
};

/** What the definition does not say goes; the API's id and its stages stay. */
export const reimportApi: Operation<'apigatewayv2', 'ReimportApi'> = (input, call) => {
  const api = requireApi(call, input.ApiId);
  const plan = planOf(input);
  if (plan.cors) checkCors(plan.cors);
  return call.store.transaction(() => {
    const { CorsConfiguration: _cors, Description: _description, Version: _version, ...rest } = api;
    const updated: ApiRecord = {
      ...rest,
      Name: plan.name,
      CorsConfiguration: plan.cors,
      Description: plan.description,
      Tags: { ...api.Tags, ...plan.tags },
      Version: plan.version,
    };
    tables(call).apis.put(api.ApiId, updated);
    applyPlan(call, updated, plan, input.Basepath);
    return withWarnings(requireApi(call, api.ApiId), plan);
  });
};
