import type { Scope, Tag } from '@aws-sdk/client-wafv2';
import { webAcls } from '../../edge/waf';
import { arn, type Call, notImplemented, parseArn } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { isReservedTag } from '../../kernel/tags';
import type { Collection } from '../../storage';
import { duplicate, invalid, limitExceeded, nonexistent, stale } from './errors';
import { type Entity, type Kind, type Records, tables } from './store';

/** https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
const MOST: Readonly<Record<Kind, number>> = { webacl: 100, rulegroup: 100, ipset: 100, regexpatternset: 10 };

/** What protects CloudFront is not there yet. */
export function requireRegional(scope: Scope | undefined): void {
  if (scope === 'CLOUDFRONT') throw notImplemented('WAFV2 scope CLOUDFRONT');
}

interface New {
  Name: string | undefined;
  Scope: Scope | undefined;
  Description?: string | undefined;
  Tags?: Tag[] | undefined;
}

export function newEntity(call: Call, kind: Kind, input: New): Entity {
  requireRegional(input.Scope);
  const { Name: name = '', Description: description, Tags: tags = [] } = input;
  checkTags(call, tags);
  const known = tables(call)[kind];
  if (known.has(name)) throw duplicate();
  if (known.count() >= MOST[kind]) throw limitExceeded();
  const id = call.ids.uuid();
  return {
    id,
    name,
    arn: arn('wafv2', call.region, call.account, `regional/${kind}/${name}/${id}`),
    ...(description === undefined ? {} : { description }),
    lockToken: call.ids.uuid(),
    tags,
  };
}

export function checkTags(call: Call, tags: readonly Tag[], before: readonly Tag[] = []): void {
  const keys = new Set([...before, ...tags].map(({ Key }) => Key));
  const reserved = tags.find(({ Key = '' }) => isReservedTag(call, Key));
  if (reserved) throw invalid('Tag keys that begin with aws: are reserved.', 'TAG_KEYS', reserved.Key ?? '');
  if (keys.size > 50) throw limitExceeded();
}

/** By name and id, as most operations name one. */
export function find<K extends Kind>(
  call: Call,
  kind: K,
  { Id, Name = '', Scope }: { Id: string | undefined; Name: string | undefined; Scope: Scope | undefined },
) {
  requireRegional(Scope);
  const of: Collection<Records[K]> = tables(call)[kind];
  const found = of.get(Name);
  if (!found || found.id !== Id) throw nonexistent();
  return found;
}

/** What an ARN of this account and region names. */
export function findByArn(call: Call, text: string | undefined): { kind: Kind; entity: Entity } | undefined {
  const kind = kindOf(text);
  if (!kind) return undefined;
  const entity: Entity | undefined = tables(call)[kind].get(nameIn(text));
  return entity && entity.arn === text ? { kind, entity } : undefined;
}

export const nameIn = (text = ''): string => parseArn(text)?.resource.split('/')[2] ?? '';

export function kindOf(text: string | undefined): Kind | undefined {
  const found = parseArn(text ?? '');
  const [, kind] =
    /^regional\/(webacl|rulegroup|ipset|regexpatternset)\/[\w-]+\/[\w-]+$/.exec(found?.resource ?? '') ?? [];
  return found?.service === 'wafv2' ? (kind as Kind | undefined) : undefined;
}

export function requireLock({ lockToken }: Entity, given: string | undefined): void {
  if (lockToken !== given) throw stale();
}

/** Keeps what was made or changed. Requests that come now are held against it. */
export function keep<R extends Entity>(call: Call, collection: Collection<R>, record: R): void {
  collection.put(record.name, record);
  webAcls(call).changed();
}

export function drop<R extends Entity>(call: Call, collection: Collection<R>, { name }: R): void {
  collection.remove(name);
  webAcls(call).changed();
}

export function summaryOf({
  arn: ARN,
  description: Description,
  id: Id,
  lockToken: LockToken,
  name: Name,
}: Entity) {
  // What was not described has an empty description in summaries.
  return { Name, Id, Description: Description ?? '', LockToken, ARN };
}

/** One page of a kind, as all lists give it. */
export function pageOfKind(
  call: Call,
  kind: Kind,
  input: { Scope: Scope | undefined; Limit?: number | undefined; NextMarker?: string | undefined },
) {
  requireRegional(input.Scope);
  const { items, next } = pageOf<Entity>(tables(call)[kind] as Collection<Entity>, {
    limit: input.Limit ?? 100,
    token: input.NextMarker,
    invalidToken: () => invalid('The marker is not valid.', 'ENTITY_LIMIT', input.NextMarker ?? ''),
  });
  return { summaries: items.map(summaryOf), ...(next === undefined ? {} : { NextMarker: next }) };
}
