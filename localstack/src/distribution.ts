import type { OriginAccessControlConfig } from '@aws-sdk/client-cloudfront';
import type { EdgeDistribution } from '../../engine/src/edge/distributions';
import { toConfig } from '../../engine/src/services/cloudfront/cloudformation/distribution-config';
import {
  CONFIG_TREE,
  type TemplateConfig,
} from '../../engine/src/services/cloudfront/cloudformation/distribution-types';
import { withDefaults } from '../../engine/src/services/cloudfront/distribution-defaults';
import {
  MANAGED_CACHE_POLICIES,
  MANAGED_ORIGIN_REQUEST_POLICIES,
  MANAGED_RESPONSE_HEADERS_POLICIES,
} from '../../engine/src/services/cloudfront/managed-policies';
import { resolve } from '../../engine/src/services/cloudfront/resolve';
import { isObject } from './template';

/** What the front needs to know; plain data, handed to its process as JSON. */
export interface FrontSettings {
  /** LocalStack's. */
  endpoint: string;
  /** The distribution's logical id, which references to it have got in its place. */
  id: string;
  /** `DistributionConfig` of the template, its references resolved. */
  config: unknown;
  /** Logical ids of origin access controls with their configurations. */
  accessControls: Record<string, unknown>;
}

const ACCOUNT = '000000000000';

/** The distribution as the engine's edge knows one. */
export function distributionOf({ id, config, accessControls }: FrontSettings): EdgeDistribution {
  check(config, CONFIG_TREE, 'DistributionConfig');
  checkPolicies(config);
  const arn = `arn:aws:cloudfront::${ACCOUNT}:distribution/${id}`;
  const nothing = { get: () => undefined };
  const controls = {
    get: (name: unknown) => {
      const found = accessControls[String(name)];
      return found === undefined ? undefined : { config: found as OriginAccessControlConfig };
    },
  };
  const tables = {
    accessControls: controls,
    identities: nothing,
    cachePolicies: nothing,
    originRequestPolicies: nothing,
    responseHeadersPolicies: nothing,
  };
  return resolve(ACCOUNT, tables, {
    id,
    arn,
    domainName: `${id.toLowerCase()}.cloudfront.net`,
    config: withDefaults(toConfig(config as TemplateConfig, id)),
  });
}

type Tree = { readonly [property: string]: true | Tree };

/** As the engine's CloudFormation does: what is not implemented is refused by name. */
function check(value: unknown, tree: Tree, path: string): void {
  if (Array.isArray(value)) {
    for (const item of value) check(item, tree, path);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, item] of Object.entries(value)) {
    const below = tree[name];
    if (below === undefined) throw new Error(`The front does not implement ${path}.${name}`);
    if (below !== true) check(item, below, `${path}.${name}`);
  }
}

const POLICIES: Readonly<Record<string, ReadonlyMap<string, unknown>>> = {
  CachePolicyId: MANAGED_CACHE_POLICIES,
  OriginRequestPolicyId: MANAGED_ORIGIN_REQUEST_POLICIES,
  ResponseHeadersPolicyId: MANAGED_RESPONSE_HEADERS_POLICIES,
};

/** Only AWS's own policies are known: those of a template were not deployed. */
function checkPolicies(value: unknown): void {
  if (Array.isArray(value)) value.forEach(checkPolicies);
  if (!isObject(value)) return;
  for (const [name, item] of Object.entries(value)) {
    if (typeof item === 'string' && POLICIES[name] && !POLICIES[name].has(item)) {
      throw new Error(`The front knows no ${name} ${item}: it plays AWS’s managed policies only`);
    }
    checkPolicies(item);
  }
}
