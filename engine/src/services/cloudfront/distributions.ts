import type { Distribution, DistributionConfig, DistributionSummary } from '@aws-sdk/client-cloudfront';
import type { Call, Operation } from '../../kernel';
import { changed } from './changes';
import { withDefaults } from './distribution-defaults';
import { checkConfig } from './distribution-rules';
import { checkVersion, fail, notThere } from './errors';
import { listPage } from './pages';
import { type DistributionRecord, newId, tables } from './store';

export function requireDistribution(call: Call, id: string | undefined): DistributionRecord {
  const record = tables(call).distributions.get(id ?? '');
  if (!record) throw notThere('Distribution', 'The specified distribution does not exist.');
  return record;
}

/** A change is everywhere at once here, so a distribution is always deployed. */
function shown(record: DistributionRecord): Distribution {
  return {
    Id: record.id,
    ARN: record.arn,
    Status: 'Deployed',
    LastModifiedTime: record.modified,
    InProgressInvalidationBatches: 0,
    DomainName: record.domainName,
    ActiveTrustedSigners: { Enabled: false, Quantity: 0 },
    ActiveTrustedKeyGroups: { Enabled: false, Quantity: 0 },
    DistributionConfig: record.config,
    AliasICPRecordals: [],
  };
}

async function create(call: Call, given: DistributionConfig, tags: Record<string, string>) {
  checkConfig(call, given);
  const config = withDefaults(given);
  const { distributions } = tables(call);
  for (const other of distributions.values()) {
    if (other.config.CallerReference === config.CallerReference) {
      throw fail(
        'DistributionAlreadyExists',
        'The caller reference that you are using to create a distribution is associated with another distribution. Already exists.',
        409,
      );
    }
  }
  const id = newId(call);
  const record: DistributionRecord = {
    id,
    arn: `arn:aws:cloudfront::${call.account}:distribution/${id}`,
    domainName: `d${call.ids.lower(13)}.cloudfront.net`,
    etag: newId(call),
    modified: call.clock.now(),
    config,
    tags,
  };
  distributions.put(id, record);
  await changed(call, id);
  return {
    Distribution: shown(record),
    Location: `https://cloudfront.amazonaws.com/2020-05-31/distribution/${id}`,
    ETag: record.etag,
  };
}

export const createDistribution: Operation<'cloudfront', 'CreateDistribution'> = (input, call) => {
  return create(call, input.DistributionConfig!, {});
};

export const createDistributionWithTags: Operation<'cloudfront', 'CreateDistributionWithTags'> = (
  input,
  call,
) => {
  const { DistributionConfig, Tags } = input.DistributionConfigWithTags!;
  const tags = (Tags?.Items ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']);
  return create(call, DistributionConfig!, Object.fromEntries(tags) as Record<string, string>);
};

export const getDistribution: Operation<'cloudfront', 'GetDistribution'> = (input, call) => {
  const record = requireDistribution(call, input.Id);
  return { Distribution: shown(record), ETag: record.etag };
};

export const getDistributionConfig: Operation<'cloudfront', 'GetDistributionConfig'> = (input, call) => {
  const record = requireDistribution(call, input.Id);
  return { DistributionConfig: record.config, ETag: record.etag };
};

export const updateDistribution: Operation<'cloudfront', 'UpdateDistribution'> = async (input, call) => {
  const record = requireDistribution(call, input.Id);
  checkVersion(record.etag, input.IfMatch);
  const given = input.DistributionConfig!;
  if (given.CallerReference !== record.config.CallerReference) {
    throw fail('IllegalUpdate', 'The update contains modifications that are not allowed: CallerReference.');
  }
  checkConfig(call, given);
  const updated = { ...record, etag: newId(call), modified: call.clock.now(), config: withDefaults(given) };
  tables(call).distributions.put(record.id, updated);
  await changed(call, record.id);
  return { Distribution: shown(updated), ETag: updated.etag };
};

export const deleteDistribution: Operation<'cloudfront', 'DeleteDistribution'> = async (input, call) => {
  const record = requireDistribution(call, input.Id);
  checkVersion(record.etag, input.IfMatch);
  if (record.config.Enabled) {
    throw fail(
      'DistributionNotDisabled',
      'The distribution you are trying to delete has not been disabled.',
      409,
    );
  }
  call.accountStore.transaction(() => {
    tables(call).distributions.remove(record.id);
    tables(call).invalidations.clear({ prefix: [record.id] });
  });
  await changed(call, record.id);
  return {};
};

export const listDistributions: Operation<'cloudfront', 'ListDistributions'> = (input, call) => {
  const { items, ...page } = listPage([...tables(call).distributions.values()], (record) => record.id, input);
  return { DistributionList: { ...page, Items: items.length > 0 ? items.map(summary) : undefined } };
};

function summary(record: DistributionRecord): DistributionSummary {
  const { config } = record;
  return {
    Id: record.id,
    ARN: record.arn,
    ETag: record.etag,
    Status: 'Deployed',
    LastModifiedTime: record.modified,
    DomainName: record.domainName,
    Aliases: config.Aliases,
    Origins: config.Origins,
    OriginGroups: config.OriginGroups,
    DefaultCacheBehavior: config.DefaultCacheBehavior,
    CacheBehaviors: config.CacheBehaviors,
    CustomErrorResponses: config.CustomErrorResponses,
    Comment: config.Comment,
    PriceClass: config.PriceClass,
    Enabled: config.Enabled,
    ViewerCertificate: config.ViewerCertificate,
    Restrictions: config.Restrictions,
    WebACLId: config.WebACLId,
    HttpVersion: config.HttpVersion,
    IsIPV6Enabled: config.IsIPV6Enabled,
    Staging: config.Staging,
  };
}
