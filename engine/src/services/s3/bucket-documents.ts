import type { CORSRule, Tag } from '@aws-sdk/client-s3';
import { notImplemented, type Operation } from '../../kernel';
import { changeBucket, openBucket } from './access';
import { invalidArgument, invalidRequest, malformedXml, notConfigured, s3Error } from './errors';
import { checkTags } from './tags';

export const putBucketTagging: Operation<'s3', 'PutBucketTagging'> = (input, call) => {
  const bucket = openBucket(call, input);
  // CloudFormation's own tags are its to give; a user's request may repeat them, and may not leave them out.
  const system = (bucket.tags ?? []).filter((tag) => tag.Key?.startsWith('aws:'));
  const isSystem = (tag: Tag) =>
    call.http === undefined || system.some((own) => own.Key === tag.Key && own.Value === tag.Value);
  const asked = input.Tagging?.TagSet ?? [];
  const tags = checkTags(asked, 'bucket', isSystem);
  const missing = system.find((own) => !asked.some((tag) => tag.Key === own.Key));
  if (missing && call.http) {
    throw s3Error('InvalidTag', 400, 'System tags cannot be removed by requester', { TagKey: missing.Key });
  }
  changeBucket(call, bucket, { tags: tags.length > 0 ? tags : undefined });
  call.response.status = 204;
  return {};
};

export const getBucketTagging: Operation<'s3', 'GetBucketTagging'> = (input, call) => {
  const bucket = openBucket(call, input);
  if (!bucket.tags) throw notConfigured('NoSuchTagSet', bucket.name, 'The TagSet does not exist');
  return { TagSet: bucket.tags };
};

export const deleteBucketTagging: Operation<'s3', 'DeleteBucketTagging'> = (input, call) => {
  const bucket = openBucket(call, input);
  const system = (bucket.tags ?? []).filter((tag) => tag.Key?.startsWith('aws:'));
  changeBucket(call, bucket, { tags: system.length > 0 ? system : undefined });
  return {};
};

const METHODS = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE'];

function checkCors(rule: CORSRule): void {
  if (!rule.AllowedMethods?.length || !rule.AllowedOrigins?.length) throw malformedXml();
  const wrong = rule.AllowedMethods.find((method) => !METHODS.includes(method));
  if (wrong !== undefined) {
    throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${wrong}`);
  }
  const wild = rule.AllowedOrigins.find((origin) => origin.split('*').length > 2);
  if (wild !== undefined) {
    throw invalidRequest(`AllowedOrigin "${wild}" can not have more than one wildcard.`);
  }
  const wildHeader = rule.AllowedHeaders?.find((header) => header.split('*').length > 2);
  if (wildHeader !== undefined) {
    throw invalidRequest(`AllowedHeader "${wildHeader}" can not have more than one wildcard.`);
  }
  const exposed = rule.ExposeHeaders?.find((header) => header.includes('*'));
  if (exposed !== undefined) {
    throw invalidRequest(
      `ExposeHeader "${exposed}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
    );
  }
}

export const putBucketCors: Operation<'s3', 'PutBucketCors'> = (input, call) => {
  const bucket = openBucket(call, input);
  const rules = input.CORSConfiguration?.CORSRules;
  if (!rules?.length) throw malformedXml();
  if (rules.length > 100)
    throw invalidRequest('The number of CORS rules should not exceed allowed limit of 100 rules.');
  for (const rule of rules) checkCors(rule);
  changeBucket(call, bucket, { cors: rules });
  return {};
};

export const getBucketCors: Operation<'s3', 'GetBucketCors'> = (input, call) => {
  const bucket = openBucket(call, input);
  if (!bucket.cors) {
    throw notConfigured('NoSuchCORSConfiguration', bucket.name, 'The CORS configuration does not exist');
  }
  return { CORSRules: bucket.cors };
};

export const deleteBucketCors: Operation<'s3', 'DeleteBucketCors'> = (input, call) => {
  changeBucket(call, openBucket(call, input), { cors: undefined });
  return {};
};

export const putBucketWebsite: Operation<'s3', 'PutBucketWebsite'> = (input, call) => {
  const bucket = openBucket(call, input);
  const website = input.WebsiteConfiguration;
  if (!website || Object.keys(website).length === 0) throw malformedXml();
  if (website.RoutingRules?.length) throw notImplemented('S3 website routing rules');
  if (website.RedirectAllRequestsTo) {
    if (website.IndexDocument ?? website.ErrorDocument) {
      throw invalidArgument(
        'RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.',
        'RedirectAllRequestsTo',
      );
    }
    if (!website.RedirectAllRequestsTo.HostName) throw malformedXml();
  } else {
    const suffix = website.IndexDocument?.Suffix;
    if (suffix === undefined || suffix === '' || suffix.includes('/')) {
      throw invalidArgument('The IndexDocument Suffix is not well formed', 'IndexDocument', suffix ?? null);
    }
    if (website.ErrorDocument && !website.ErrorDocument.Key) throw malformedXml();
  }
  changeBucket(call, bucket, { website });
  return {};
};

export const getBucketWebsite: Operation<'s3', 'GetBucketWebsite'> = (input, call) => {
  const bucket = openBucket(call, input);
  if (!bucket.website) {
    throw notConfigured(
      'NoSuchWebsiteConfiguration',
      bucket.name,
      'The specified bucket does not have a website configuration',
    );
  }
  return bucket.website;
};

export const deleteBucketWebsite: Operation<'s3', 'DeleteBucketWebsite'> = (input, call) => {
  changeBucket(call, openBucket(call, input), { website: undefined });
  return {};
};
