import type { Call, Operation } from '../../kernel';
import { requireCertificate } from './client-certificates';
import { badRequest, notFound } from './errors';
import { privateTags } from './private-domains/tags';
import { tables } from './store';
import { requireKey } from './usage/api-keys';
import { usageCollections } from './usage/store';
import { requirePlan } from './usage/usage-plans';

type Tags = Record<string, string>;

interface Taggable {
  tags: Tags;
  put(tags: Tags): void;
}

/** What an ARN names, with how to change its tags. */
function taggable(call: Call, arn: string | undefined): Taggable {
  const [, kind, id = ''] =
    /^arn:[\w-]+:apigateway:[\w-]+::\/(apikeys|clientcertificates|usageplans)\/(\w+)$/.exec(arn ?? '') ?? [];
  if (kind === 'apikeys') {
    const key = requireKey(call, id);
    return {
      tags: key.tags ?? {},
      put: (tags) => usageCollections(call.store).keys.put(id, { ...key, tags }),
    };
  }
  if (kind === 'usageplans') {
    const plan = requirePlan(call, id);
    return {
      tags: plan.tags ?? {},
      put: (tags) => usageCollections(call.store).plans.put(id, { ...plan, tags }),
    };
  }
  if (kind === 'clientcertificates') {
    const certificate = requireCertificate(call, id);
    return {
      tags: certificate.tags ?? {},
      put: (tags) => tables(call).clientCertificates.put(id, { ...certificate, tags }),
    };
  }
  return privateTags(call, arn) ?? ofApi(call, arn);
}

function ofApi(call: Call, arn: string | undefined): Taggable {
  const match = /^arn:[\w-]+:apigateway:[\w-]+::\/restapis\/(\w+)(?:\/stages\/([\w-]+))?$/.exec(arn ?? '');
  if (!match) throw badRequest('Invalid resource ARN specified in the request');
  const [, apiId = '', stageName] = match;
  const { apis, stages } = tables(call);
  if (stageName === undefined) {
    const api = apis.get(apiId);
    if (!api) throw notFound(`Invalid API identifier specified ${call.account}:${apiId}`);
    return { tags: api.tags ?? {}, put: (tags) => apis.put(apiId, { ...api, tags }) };
  }
  const stage = stages.get([apiId, stageName]);
  if (!stage) throw notFound('Invalid stage identifier specified');
  return { tags: stage.tags ?? {}, put: (tags) => stages.put([apiId, stageName], { ...stage, tags }) };
}

export const tagResource: Operation<'apigateway', 'TagResource'> = (input, call) => {
  const target = taggable(call, input.resourceArn);
  const tags = { ...target.tags, ...input.tags };
  if (Object.keys(tags).length > 50) throw badRequest('The number of tags exceeds the limit of 50');
  target.put(tags);
  return {};
};

export const untagResource: Operation<'apigateway', 'UntagResource'> = (input, call) => {
  const target = taggable(call, input.resourceArn);
  const tags = { ...target.tags };
  for (const key of input.tagKeys ?? []) delete tags[key];
  target.put(tags);
  return {};
};

export const getTags: Operation<'apigateway', 'GetTags'> = (input, call) => {
  return { tags: taggable(call, input.resourceArn).tags };
};
