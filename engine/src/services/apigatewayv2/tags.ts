import type { Call, Operation } from '../../kernel';
import { requireDomain } from './domain-names';
import { badRequest, requireApi, requireStage } from './errors';
import { domainTables, tables } from './store';

type Tags = Record<string, string>;

/** The custom domain, the API or the stage that an ARN names, with how to change its tags. */
function taggable(call: Call, arn: string | undefined): { tags: Tags; put(tags: Tags): void } {
  const name = /^arn:[\w-]+:apigateway:[\w-]+::\/domainnames\/([^/]+)$/.exec(arn ?? '')?.[1];
  if (name !== undefined) {
    const domain = requireDomain(call, name);
    const { domains } = domainTables(call.store);
    return { tags: domain.Tags ?? {}, put: (Tags) => domains.put(name, { ...domain, Tags }) };
  }
  const match = /^arn:[\w-]+:apigateway:[\w-]+::\/apis\/(\w+)(?:\/stages\/([\w$-]+))?$/.exec(arn ?? '');
  if (!match) throw badRequest('Invalid resource ARN specified in the request');
  const [, apiId = '', stageName] = match;
  const { apis, stages } = tables(call);
  if (stageName === undefined) {
    const api = requireApi(call, apiId);
    return { tags: api.Tags ?? {}, put: (Tags) => apis.put(apiId, { ...api, Tags }) };
  }
  const stage = requireStage(call, apiId, stageName);
  return { tags: stage.Tags ?? {}, put: (Tags) => stages.put([apiId, stageName], { ...stage, Tags }) };
}

export const tagResource: Operation<'apigatewayv2', 'TagResource'> = (input, call) => {
  const target = taggable(call, input.ResourceArn);
  const tags = { ...target.tags, ...input.Tags };
  if (Object.keys(tags).length > 50) throw badRequest('The number of tags exceeds the limit of 50');
  target.put(tags);
  return {};
};

export const untagResource: Operation<'apigatewayv2', 'UntagResource'> = (input, call) => {
  const target = taggable(call, input.ResourceArn);
  const tags = { ...target.tags };
  for (const key of input.TagKeys ?? []) delete tags[key];
  target.put(tags);
  return {};
};

export const getTags: Operation<'apigatewayv2', 'GetTags'> = (input, call) => ({
  Tags: taggable(call, input.ResourceArn).tags,
});
