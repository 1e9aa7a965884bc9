import type { Scope } from '@aws-sdk/client-wafv2';
import type { Call, ResourceContext } from '../../../kernel';
import { resourceTags, type Tag, tagChanges } from '../../../kernel/tags';

const NUMBERS = new Set(['Capacity', 'EvaluationWindowSec', 'Limit', 'Priority', 'ResponseCode', 'Size']);
const TRUTHS = new Set(['CloudWatchMetricsEnabled', 'SampledRequestsEnabled']);

/**
 * A template's rules and what is around them as the API takes them: templates spell ARNs otherwise, give bytes as
 * text, and may have numbers and truths as text.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-wafv2-webacl-bytematchstatement.html
 */
export function apiForm<T>(value: T): T {
  return converted('', value) as T;
}

function converted(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => converted('', item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => member(key, inner)));
  }
  if (NUMBERS.has(name)) return Number(value);
  if (TRUTHS.has(name)) return String(value) === 'true';
  return value;
}

function member(key: string, value: unknown): [string, unknown] {
  if (key === 'Arn') return ['ARN', value];
  if (key === 'SearchString') return [key, Buffer.from(String(value))];
  if (key === 'SearchStringBase64') return ['SearchString', Buffer.from(String(value), 'base64')];
  return [key, converted(key, value)];
}

/** What `Ref` gives. */
export const refOf = (name: string, id: string, scope: string): string => `${name}|${id}|${scope}`;

export function parseRef(physicalId: string): { Name: string; Id: string; Scope: Scope } {
  const [Name = '', Id = '', scope] = physicalId.split('|');
  return { Name, Id, Scope: scope === 'CLOUDFRONT' ? 'CLOUDFRONT' : 'REGIONAL' };
}

/** What makes a request unlike those of users: CloudFormation leaves no empty list of tags. */
export function tagsOf<P>(context: ResourceContext<P>, own: readonly Tag[] | undefined): { Tags?: Tag[] } {
  const Tags = resourceTags(context, own);
  return Tags.length > 0 ? { Tags } : {};
}

export async function retag(
  call: Call,
  ResourceARN: string,
  before: readonly Tag[] | undefined,
  after: readonly Tag[] | undefined,
): Promise<void> {
  const { removed: TagKeys, set: Tags } = tagChanges(before, after);
  if (TagKeys.length > 0) await call.invoke('wafv2', 'UntagResource', { ResourceARN, TagKeys });
  if (Tags.length > 0) await call.invoke('wafv2', 'TagResource', { ResourceARN, Tags });
}

export const GONE = 'WAFNonexistentItemException';
