import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { runtimeVersionArn } from '../../functions/report';
import type { Call } from '../../kernel';
import type { ShownVersion } from './environment';
import { functionArn } from './names';
import type { FunctionVersion } from './store';

/** A version's configuration as lists show it: without its state. */
export function listed(version: ShownVersion, call: Call, qualifier?: string): FunctionConfiguration {
  const { vpc, image } = version;
  return {
    FunctionName: version.functionName,
    FunctionArn: functionArn(call, version.functionName, qualifier),
    ...(image ? {} : { Runtime: version.runtime as FunctionConfiguration['Runtime'] }),
    Role: version.role,
    ...(image ? {} : { Handler: version.handler }),
    CodeSize: version.codeSize,
    Description: version.description,
    Timeout: version.timeout,
    MemorySize: version.memorySize,
    LastModified: version.lastModified,
    CodeSha256: version.codeSha256,
    Version: version.version,
    ...(vpc
      ? {
          VpcConfig: {
            SubnetIds: vpc.subnetIds,
            SecurityGroupIds: vpc.securityGroupIds,
            VpcId: vpc.vpcId,
            Ipv6AllowedForDualStack: vpc.ipv6,
          },
        }
      : {}),
    ...environment(version),
    ...(version.sealed ? { KMSKeyArn: version.sealed.keyArn } : {}),
    TracingConfig: { Mode: version.tracingMode },
    RevisionId: version.revisionId,
    ...(version.layers.length
      ? { Layers: version.layers.map((layer) => ({ Arn: layer.arn, CodeSize: layer.size })) }
      : {}),
    ...(image?.config ? { ImageConfigResponse: { ImageConfig: image.config } } : {}),
    PackageType: image ? 'Image' : 'Zip',
    Architectures: [version.architecture],
    EphemeralStorage: { Size: version.ephemeralStorage },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: version.logging,
  };
}

function environment({ environment: Variables, environmentError }: ShownVersion) {
  if (environmentError) return { Environment: { Error: environmentError } };
  return Variables ? { Environment: { Variables } } : {};
}

function complete(version: ShownVersion, call: Call, qualifier?: string): FunctionConfiguration {
  return {
    ...listed(version, call, qualifier),
    // An image's runtime is its own.
    ...(version.image ? {} : runtimeVersion(version, call)),
  };
}

function runtimeVersion(version: FunctionVersion, call: Call): FunctionConfiguration {
  return {
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(call.region, version.runtime) },
  };
}

/** A version that is ready. */
export function configuration(version: ShownVersion, call: Call, qualifier?: string): FunctionConfiguration {
  return { ...complete(version, call, qualifier), State: 'Active', LastUpdateStatus: 'Successful' };
}

/** What CreateFunction answers: on AWS the function is not ready yet. */
export function creating(version: ShownVersion, call: Call): FunctionConfiguration {
  return {
    ...complete(version, call),
    State: 'Pending',
    StateReason: 'The function is being created.',
    StateReasonCode: 'Creating',
  };
}

/** What AWS really sends, though its own model does not list it. */
const CREATING: string = 'Creating';

/** What the updates answer. */
export function updating(version: ShownVersion, call: Call): FunctionConfiguration {
  return {
    ...complete(version, call),
    State: 'Active',
    LastUpdateStatus: 'InProgress',
    LastUpdateStatusReason: 'The function is being created.',
    LastUpdateStatusReasonCode: CREATING as FunctionConfiguration['LastUpdateStatusReasonCode'],
  };
}

/** Lambda's own way to write a date. */
export function timestamp(date: Date): string {
  return date.toISOString().replace('Z', '+0000');
}
