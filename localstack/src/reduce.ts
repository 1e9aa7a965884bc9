import { attachmentTarget, isCustomResource, type StandIn } from './stand-ins';
import {
  dependenciesOf,
  eachVariable,
  isObject,
  type Reference,
  type Resource,
  referenceOf,
  references,
  substitutionOf,
  type Template,
} from './template';

/** One thing that was taken out of the template, and why. */
export interface Reduction {
  resourceType: string;
  logicalId: string;
  why: string;
}

export interface Reduced {
  template: Template;
  reductions: Reduction[];
  /** The resources that were taken out, as the template had them. */
  removed: Readonly<Record<string, Resource>>;
}

const ATTACHMENT = 'AWS::SecretsManager::SecretTargetAttachment';
const METHOD = 'AWS::ApiGateway::Method';

const PLAYED: Readonly<Record<string, string>> = {
  'AWS::RDS::DBInstance': 'no provider: the Postgres container stands in for it',
  'AWS::ElastiCache::ReplicationGroup': 'no provider: the Redis container stands in for it',
  'AWS::ElastiCache::CacheCluster': 'no provider: the Redis container stands in for it',
  'AWS::CloudFront::Distribution': 'no provider: the front plays its behaviours',
  'AWS::CloudFront::OriginAccessControl': 'no provider: the front plays it',
  'AWS::ApiGateway::Authorizer': 'no provider: the methods it guards are open',
};

/**
 * A copy of a template without what this LocalStack has no provider for (it would deploy a placeholder, or fail).
 * References to what was taken out become what stands in for it; nothing else changes.
 */
export function reduce(
  template: Template,
  has: (resourceType: string) => boolean,
  standIn: StandIn,
): Reduced {
  const removed = removals(template, has);
  const gone = Object.fromEntries([...removed.keys()].map((id) => [id, template.Resources[id]!]));
  const reductions = [...removed].map(([logicalId, why]) => ({
    resourceType: gone[logicalId]!.Type,
    logicalId,
    why,
  }));
  const replace = replacing(gone, standIn);
  const resources: Record<string, Resource> = {};
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (removed.has(id)) continue;
    const open = opened(resource, gone);
    if (open !== resource) {
      reductions.push({
        resourceType: resource.Type,
        logicalId: id,
        why: 'its authorizer is not there: it is open',
      });
    }
    resources[id] = withoutDependencies(replace(open), gone);
  }
  const { Resources, ...rest } = template;
  return { template: { ...replace(rest), Resources: resources }, reductions, removed: gone };
}

/** What has to go, with the reason, in the template's order. */
function removals(template: Template, has: (resourceType: string) => boolean): Map<string, string> {
  const why = new Map<string, string>();
  for (const [id, { Type }] of Object.entries(template.Resources)) {
    if (has(Type)) continue;
    why.set(
      id,
      PLAYED[Type] ??
        (isCustomResource(Type) ? 'no custom resources: the adapter does its work' : 'no provider'),
    );
  }
  for (const id of servants(template, why)) {
    why.set(id, 'serves custom resources alone, which are not called');
  }
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (resource.Type !== ATTACHMENT || why.has(id) || !why.has(attachmentTarget(resource) ?? '')) continue;
    why.set(id, 'what it attaches to is not there: the adapter writes the address into the secret');
  }
  return why;
}

/**
 * The functions behind custom resources, and their layers: nobody would call them, and their runtimes' images and
 * CDK's layer with the AWS CLI take longer to fetch than all else. Not those that something else refers to as well.
 */
function* servants(template: Template, gone: ReadonlyMap<string, string>): Iterable<string> {
  const { Resources, ...rest } = template;
  const asked = new Set<string>();
  for (const id of gone.keys()) {
    const { Type, Properties } = Resources[id]!;
    const token = isCustomResource(Type) ? referenceOf(Properties?.ServiceToken) : undefined;
    if (token && Resources[token.logicalId]?.Type === 'AWS::Lambda::Function') asked.add(token.logicalId);
  }
  const usedBeside = (without: ReadonlySet<string>) => {
    const used = new Set([...references(rest)].map(({ logicalId }) => logicalId));
    for (const [id, { Properties }] of Object.entries(Resources)) {
      if (gone.has(id) || without.has(id)) continue;
      for (const { logicalId } of references(Properties)) used.add(logicalId);
    }
    return used;
  };
  const used = usedBeside(new Set());
  const functions = new Set([...asked].filter((id) => !used.has(id)));
  yield* functions;
  const left = usedBeside(functions);
  for (const id of functions) {
    for (const { logicalId } of references(Resources[id]?.Properties?.Layers)) {
      if (Resources[logicalId]?.Type === 'AWS::Lambda::LayerVersion' && !left.has(logicalId)) yield logicalId;
    }
  }
}

/** A method whose authorizer goes is open to everybody. */
function opened(resource: Resource, gone: Readonly<Record<string, Resource>>): Resource {
  const authorizer = referenceOf(resource.Properties?.AuthorizerId);
  if (resource.Type !== METHOD || !authorizer || !gone[authorizer.logicalId]) return resource;
  const { AuthorizerId, AuthorizationScopes, ...properties } = resource.Properties ?? {};
  return { ...resource, Properties: { ...properties, AuthorizationType: 'NONE' } };
}

function withoutDependencies(resource: Resource, gone: Readonly<Record<string, Resource>>): Resource {
  const dependencies = dependenciesOf(resource);
  const left = dependencies.filter((id) => !gone[id]);
  if (left.length === dependencies.length) return resource;
  const { DependsOn, ...rest } = resource;
  return left.length === 0 ? { ...rest, Type: resource.Type } : { ...resource, DependsOn: left };
}

type Replace = <T>(value: T) => T;

/** Puts the stand-ins where a value refers to what is gone. */
function replacing(gone: Readonly<Record<string, Resource>>, standIn: StandIn): Replace {
  const valueFor = (reference: Reference): unknown => {
    const resource = gone[reference.logicalId];
    return resource && replace(standIn(reference, resource));
  };
  function replace(value: unknown): unknown {
    const reference = referenceOf(value);
    if (reference && gone[reference.logicalId]) return valueFor(reference);
    const substitution = substitutionOf(value);
    if (substitution) return replacedSub(value, substitution);
    if (Array.isArray(value)) return value.map(replace);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
  }
  function replacedSub(
    value: unknown,
    { text, variables }: { text: string; variables: Record<string, unknown> },
  ) {
    const more: Record<string, unknown> = {};
    let changed = false;
    const fresh = eachVariable(text, (name, reference) => {
      const own = Object.hasOwn(variables, name);
      const stand = own ? undefined : valueFor(reference);
      if (stand === undefined) return `\${${name}}`;
      changed = true;
      if (typeof stand === 'string') return stand.replace(/\$\{/g, '${!');
      more[reference.logicalId] = stand;
      return `\${${reference.logicalId}}`;
    });
    const all = {
      ...Object.fromEntries(Object.entries(variables).map(([k, v]) => [k, replace(v)])),
      ...more,
    };
    if (!changed && Object.keys(variables).length === 0) return value;
    return { 'Fn::Sub': Object.keys(all).length === 0 ? fresh : [fresh, all] };
  }
  return replace as Replace;
}
