import type { Call, Operation } from '../../kernel';
import { requireCertificate } from './client-certificates';
import { ofDomains } from './domains/shared';
import { badRequest, notFound } from './errors';
import { privateTags } from './private-domains/tags';
import { tables } from './store';
import { requireKey } from './usage/api-keys';
import { usageCollections } from './usage/store';
import { requirePlan } from './usage/usage-plans';
import { requireLink } from './vpc-links';

type Tags = Record<string, string>;

interface Taggable {
  tags: Tags;
  put(tags: Tags): void;
}

/** What an ARN may name beside APIs and stages, by the collection that it is in. */
const KINDS: Readonly<Record<string, (call: Call, id: string) => Taggable>> = {
  apikeys(call, id) {
    const key = requireKey(call, id);
    const { keys } = usageCollections(call.store);
    return { tags: key.tags ?? {}, put: (tags) => keys.put(id, { ...key, tags }) };
  },
  usageplans(call, id) {
    const plan = requirePlan(call, id);
    const { plans } = usageCollections(call.store);
    return { tags: plan.tags ?? {}, put: (tags) => plans.put(id, { ...plan, tags }) };
  },
  clientcertificates(call, id) {
    const certificate = requireCertificate(call, id);
    const { clientCertificates } = tables(call);
    return {
      tags: certificate.tags ?? {},
      put: (tags) => clientCertificates.put(id, { ...certificate, tags }),
    };
  },
  vpclinks(call, id) {
    const link = requireLink(call, id);
    const { vpcLinks } = tables(call);
    return { tags: link.tags ?? {}, put: (tags) => vpcLinks.put(id, { ...link, tags }) };
  },
};

/** What an ARN names, with how to change its tags. */
function taggable(call: Call, arn: string | undefined): Taggable {
  const [, kind = '', id = ''] = /^arn:[\w-]+:apigateway:[\w-]+::\/(\w+)\/(\w+)$/.exec(arn ?? '') ?? [];
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return known?.(call, id) ?? privateTags(call, arn) ?? ofApi(call, arn);
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

/** Public custom domains are kept, with their tags, where HTTP APIs have them too. */
const isDomain = (arn: string | undefined): boolean => /:\/domainnames\/[^/+]+$/.test(arn ?? '');

export const tagResource: Operation<'apigateway', 'TagResource'> = async (input, call) => {
  if (isDomain(input.resourceArn)) {
    await ofDomains(call, 'TagResource', { ResourceArn: input.resourceArn, Tags: input.tags });
    return {};
  }
  const target = taggable(call, input.resourceArn);
  const tags = { ...target.tags, ...input.tags };
  if (Object.keys(tags).length > 50) throw badRequest('The number of tags exceeds the limit of 50');
  target.put(tags);
  return {};
};

export const untagResource: Operation<'apigateway', 'UntagResource'> = async (input, call) => {
  if (isDomain(input.resourceArn)) {
    await ofDomains(call, 'UntagResource', { ResourceArn: input.resourceArn, TagKeys: input.tagKeys });
    return {};
  }
  const target = taggable(call, input.resourceArn);
  const tags = { ...target.tags };
  for (const key of input.tagKeys ?? []) delete tags[key];
  target.put(tags);
  return {};
};

export const getTags: Operation<'apigateway', 'GetTags'> = async (input, call) => {
  if (!isDomain(input.resourceArn)) return { tags: taggable(call, input.resourceArn).tags };
  const { Tags } = await ofDomains(call, 'GetTags', { ResourceArn: input.resourceArn });
  return { tags: Tags ?? {} };
};
