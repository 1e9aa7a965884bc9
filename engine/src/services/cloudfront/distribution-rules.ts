import type { CustomErrorResponse, DistributionConfig, Origin } from '@aws-sdk/client-cloudfront';
import type { Call } from '../../kernel';
import { type AnyBehaviour, behavioursOf } from './behaviours';
import { cachePolicies } from './cache-policies';
import { fail, invalidArgument, refuse } from './errors';
import { originRequestPolicies } from './origin-request-policies';
import { responseHeadersPolicies } from './response-headers-policies';
import { tables } from './store';

type Behaviour = NonNullable<AnyBehaviour>;

/** What AWS refuses of a distribution's configuration, and what is not built yet. */
export function checkConfig(call: Call, config: DistributionConfig): void {
  refuseConfig(config);
  const origins = config.Origins?.Items ?? [];
  checkQuantity(origins.length, config.Origins?.Quantity, 'Origins');
  if (origins.length === 0) throw fail('InvalidOrigin', 'A distribution must have at least one origin.');
  const ids = new Set(origins.map((origin) => origin.Id));
  if (ids.size !== origins.length) throw invalidArgument('The parameter Origin Id must be unique.');
  for (const origin of origins) checkOrigin(call, origin);
  checkQuantity(
    config.CacheBehaviors?.Items?.length ?? 0,
    config.CacheBehaviors?.Quantity ?? 0,
    'CacheBehaviors',
  );
  const patterns = (config.CacheBehaviors?.Items ?? []).map((one) => one.PathPattern);
  if (new Set(patterns).size !== patterns.length) {
    throw invalidArgument('The parameter PathPattern must be unique among the cache behaviors.');
  }
  for (const behaviour of behavioursOf(config)) checkBehaviour(call, behaviour, ids);
  for (const response of config.CustomErrorResponses?.Items ?? []) checkErrorResponse(response);
  if (config.DefaultRootObject?.startsWith('/')) {
    throw fail('InvalidDefaultRootObject', 'The parameter DefaultRootObject must not begin with a slash.');
  }
}

function checkQuantity(actual: number, said: number | undefined, name: string): void {
  if (actual !== said) {
    throw fail(
      'InconsistentQuantities',
      `The value of Quantity and the size of Items of ${name} don't match.`,
    );
  }
}

function refuseConfig(config: DistributionConfig): void {
  if (config.Aliases?.Quantity) throw refuse('DistributionConfig Aliases');
  if (config.OriginGroups?.Quantity) throw refuse('DistributionConfig OriginGroups');
  if (config.Logging?.Enabled) throw refuse('DistributionConfig Logging');
  if (config.WebACLId) throw refuse('DistributionConfig WebACLId');
  if (config.Staging) throw refuse('DistributionConfig Staging');
  if (config.ContinuousDeploymentPolicyId) throw refuse('DistributionConfig ContinuousDeploymentPolicyId');
  if (config.AnycastIpListId) throw refuse('DistributionConfig AnycastIpListId');
  if (config.TenantConfig) throw refuse('DistributionConfig TenantConfig');
  if (config.ConnectionMode === 'tenant-only') throw refuse('DistributionConfig ConnectionMode tenant-only');
  if (config.ViewerMtlsConfig) throw refuse('DistributionConfig ViewerMtlsConfig');
  if (config.ConnectionFunctionAssociation) throw refuse('DistributionConfig ConnectionFunctionAssociation');
  if (config.CacheTagConfig) throw refuse('DistributionConfig CacheTagConfig');
  const geo = config.Restrictions?.GeoRestriction;
  if (geo && geo.RestrictionType !== 'none') throw refuse('DistributionConfig Restrictions.GeoRestriction');
  const certificate = config.ViewerCertificate;
  if (certificate?.ACMCertificateArn || certificate?.IAMCertificateId) {
    throw refuse('DistributionConfig ViewerCertificate other than CloudFrontDefaultCertificate');
  }
}

function checkOrigin(call: Call, origin: Origin): void {
  if (origin.VpcOriginConfig) throw refuse('Origin VpcOriginConfig');
  if (origin.OriginShield?.Enabled) throw refuse('Origin OriginShield');
  if (origin.ResponseCompletionTimeout) throw refuse('Origin ResponseCompletionTimeout');
  if (!origin.S3OriginConfig === !origin.CustomOriginConfig) {
    throw invalidArgument(
      'The origin configuration must have either an S3OriginConfig or a CustomOriginConfig.',
    );
  }
  const path = origin.OriginPath ?? '';
  if (path !== '' && (!path.startsWith('/') || path.endsWith('/'))) {
    throw invalidArgument('The parameter OriginPath must begin with a slash and must not end with one.');
  }
  if (origin.OriginAccessControlId && !tables(call).accessControls.has(origin.OriginAccessControlId)) {
    throw fail('InvalidOriginAccessControl', 'The origin access control is not valid.');
  }
  const identity = origin.S3OriginConfig?.OriginAccessIdentity;
  if (identity) {
    const id = /^origin-access-identity\/cloudfront\/(\w+)$/.exec(identity)?.[1];
    if (!id || !tables(call).identities.has(id)) {
      throw fail(
        'InvalidOriginAccessIdentity',
        'The specified origin access identity does not exist or is not valid.',
      );
    }
    if (origin.OriginAccessControlId)
      throw invalidArgument('Illegal configuration: The origin type and OAC origin type differ.');
  }
  if (origin.S3OriginConfig?.OriginReadTimeout) throw refuse('S3OriginConfig OriginReadTimeout');
  const addresses = origin.CustomOriginConfig?.IpAddressType;
  if (addresses && addresses !== 'ipv4') throw refuse(`CustomOriginConfig IpAddressType ${addresses}`);
  if (origin.CustomOriginConfig?.OriginMtlsConfig) throw refuse('CustomOriginConfig OriginMtlsConfig');
}

function checkBehaviour(call: Call, behaviour: Behaviour, originIds: ReadonlySet<string | undefined>): void {
  if (!originIds.has(behaviour.TargetOriginId)) {
    throw fail('NoSuchOrigin', 'One or more of your origins or origin groups do not exist.', 404);
  }
  if (behaviour.TrustedSigners?.Enabled) throw refuse('CacheBehavior TrustedSigners');
  if (behaviour.TrustedKeyGroups?.Enabled) throw refuse('CacheBehavior TrustedKeyGroups');
  if (behaviour.SmoothStreaming) throw refuse('CacheBehavior SmoothStreaming');
  if (behaviour.LambdaFunctionAssociations?.Quantity)
    throw refuse('CacheBehavior LambdaFunctionAssociations');
  if (behaviour.FunctionAssociations?.Quantity) throw refuse('CacheBehavior FunctionAssociations');
  if (behaviour.FieldLevelEncryptionId) throw refuse('CacheBehavior FieldLevelEncryptionId');
  if (behaviour.RealtimeLogConfigArn) throw refuse('CacheBehavior RealtimeLogConfigArn');
  if (behaviour.GrpcConfig?.Enabled) throw refuse('CacheBehavior GrpcConfig');
  if (!behaviour.CachePolicyId === !behaviour.ForwardedValues) {
    throw invalidArgument(
      'The parameter ForwardedValues cannot be used when a cache policy is associated to the cache behavior.',
    );
  }
  checkMethods(behaviour);
  if (behaviour.CachePolicyId) cachePolicies.get(call, behaviour.CachePolicyId);
  if (behaviour.OriginRequestPolicyId) originRequestPolicies.get(call, behaviour.OriginRequestPolicyId);
  if (behaviour.ResponseHeadersPolicyId) responseHeadersPolicies.get(call, behaviour.ResponseHeadersPolicyId);
}

const METHOD_SETS = ['GET,HEAD', 'GET,HEAD,OPTIONS', 'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'];

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_AllowedMethods.html */
function checkMethods(behaviour: Behaviour): void {
  const allowed = behaviour.AllowedMethods;
  if (!allowed) return;
  if (!METHOD_SETS.includes([...(allowed.Items ?? [])].sort().join())) {
    throw invalidArgument('The parameter AllowedMethods contains a set of methods that is not supported.');
  }
  const cached = allowed.CachedMethods?.Items;
  if (cached && !METHOD_SETS.slice(0, 2).includes([...cached].sort().join())) {
    throw invalidArgument('The parameter CachedMethods contains a set of methods that is not supported.');
  }
}

const ERROR_CODES = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

function checkErrorResponse(response: CustomErrorResponse): void {
  if (!ERROR_CODES.includes(response.ErrorCode ?? 0)) {
    throw fail('InvalidErrorCode', `An invalid error code was specified: ${response.ErrorCode}.`);
  }
  if (!response.ResponsePagePath !== !response.ResponseCode) {
    throw invalidArgument('ResponsePagePath and ResponseCode must both be specified or both be absent.');
  }
  if (response.ResponsePagePath && !response.ResponsePagePath.startsWith('/')) {
    throw invalidArgument('The parameter ResponsePagePath must begin with a slash.');
  }
}
