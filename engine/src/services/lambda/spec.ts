import type { FunctionImage, FunctionSpec } from '../../functions';
import type { PrincipalOrigin } from '../../kernel';
import { openAtStart } from './environment';
import { functionArn } from './names';
import type { Place } from './place';
import type { FunctionRecord, FunctionVersion, VersionImage } from './store';

/** Built once a configuration: invocations are many, changes are few. */
export function specFor(version: FunctionVersion, record: FunctionRecord, place: Place): FunctionSpec {
  const cache = place.host.memo('lambda:specs', () => new Map<string, FunctionSpec>());
  const reserved = record.reservedConcurrency;
  const arn = functionArn(place, version.functionName, version.version);
  const cached = cache.get(arn);
  if (cached?.revision === version.configId && cached.reservedConcurrency === reserved) return cached;
  const { identity } = place.host.parts;
  const { LogFormat, LogGroup, ApplicationLogLevel, SystemLogLevel } = version.logging;
  const spec: FunctionSpec = {
    arn,
    account: place.account,
    region: place.region,
    functionName: version.functionName,
    version: version.version,
    runtime: version.runtime,
    handler: version.handler,
    ...(version.image ? { image: imageOf(version.image) } : {}),
    architecture: version.architecture,
    ephemeralStorage: version.ephemeralStorage,
    timeout: version.timeout,
    memorySize: version.memorySize,
    codeBlob: version.codeBlob,
    layerBlobs: version.layers.map((layer) => layer.blob),
    revision: version.configId,
    environment: version.environment ?? {},
    ...(version.sealed?.blob ? { openEnvironment: () => openAtStart(version, place) } : {}),
    role: {
      ...identity.roleSession(version.role, version.roleId, version.functionName),
      origin: originOf(version, place),
    },
    logGroup: LogGroup,
    logFormat: LogFormat,
    ...(ApplicationLogLevel ? { applicationLogLevel: ApplicationLogLevel } : {}),
    ...(SystemLogLevel ? { systemLogLevel: SystemLogLevel } : {}),
    ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
  };
  cache.set(arn, spec);
  return spec;
}

/** What its requests, and those for its logs, are known by: https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html */
function originOf({ functionName, vpc }: FunctionVersion, place: Place): PrincipalOrigin {
  const { account, region } = place;
  const functionArnOnly = { functionArn: functionArn(place, functionName) };
  if (!vpc?.vpcId) return functionArnOnly;
  const { vpcId, subnetIds: subnets, securityGroupIds: groups } = vpc;
  return { ...functionArnOnly, network: { account, region, vpc: vpcId, subnets, groups } };
}

function imageOf({ id, uri, config }: VersionImage): FunctionImage {
  return {
    id,
    uri,
    ...(config?.EntryPoint?.length ? { entryPoint: config.EntryPoint } : {}),
    ...(config?.Command?.length ? { command: config.Command } : {}),
    ...(config?.WorkingDirectory ? { workingDirectory: config.WorkingDirectory } : {}),
  };
}
