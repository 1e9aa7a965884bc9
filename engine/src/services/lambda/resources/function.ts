import type { CreateFunctionCommandInput, ImageConfig } from '@aws-sdk/client-lambda';
import { type Call, defineResource, type ResourceContext } from '../../../kernel';
import { resourceTags, type Tag, tagChanges, unlessGone } from '../../../kernel/tags';
import { inlineArchive } from '../inline-code';

interface FunctionProperties {
  Architectures?: ('x86_64' | 'arm64')[];
  Code: { S3Bucket?: string; S3Key?: string; S3ObjectVersion?: string; ZipFile?: string; ImageUri?: string };
  Description?: string;
  Environment?: { Variables?: Record<string, unknown> };
  EphemeralStorage?: { Size: number | string };
  FunctionName?: string;
  ImageConfig?: ImageConfig;
  Handler?: string;
  KmsKeyArn?: string;
  Layers?: string[];
  LoggingConfig?: CreateFunctionCommandInput['LoggingConfig'];
  MemorySize?: number | string;
  PackageType?: 'Zip' | 'Image';
  ReservedConcurrentExecutions?: number | string;
  Role: string;
  Runtime?: string;
  SnapStart?: { ApplyOn: 'None' | 'PublishedVersions' };
  Tags?: Tag[];
  Timeout?: number | string;
  TracingConfig?: { Mode?: 'Active' | 'PassThrough' };
  VpcConfig?: {
    SubnetIds?: string[];
    SecurityGroupIds?: string[];
    Ipv6AllowedForDualStack?: boolean | string;
  };
}

const number = (value: number | string | undefined) => (value === undefined ? undefined : Number(value));

/** What creation and update have in common. Templates may give numbers and booleans as texts. */
function settings(properties: FunctionProperties) {
  const vpc = properties.VpcConfig;
  return {
    Role: properties.Role,
    Handler: properties.Handler,
    Runtime: properties.Runtime as CreateFunctionCommandInput['Runtime'],
    Description: properties.Description,
    Timeout: number(properties.Timeout),
    MemorySize: number(properties.MemorySize),
    Environment: properties.Environment && {
      Variables: Object.fromEntries(
        Object.entries(properties.Environment.Variables ?? {}).map(([key, value]) => [key, String(value)]),
      ),
    },
    KMSKeyArn: properties.KmsKeyArn,
    Layers: properties.Layers,
    ImageConfig: properties.ImageConfig,
    TracingConfig: properties.TracingConfig,
    EphemeralStorage: properties.EphemeralStorage && { Size: Number(properties.EphemeralStorage.Size) },
    LoggingConfig: properties.LoggingConfig,
    SnapStart: properties.SnapStart,
    VpcConfig: vpc && {
      SubnetIds: vpc.SubnetIds ?? [],
      SecurityGroupIds: vpc.SecurityGroupIds ?? [],
      ...(vpc.Ipv6AllowedForDualStack === undefined
        ? {}
        : { Ipv6AllowedForDualStack: String(vpc.Ipv6AllowedForDualStack) === 'true' }),
    },
  };
}

/** Members without a value are left out: an operation's input has none. */
function present<T extends object>(input: T): T {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;
}

function code(properties: FunctionProperties) {
  const { ZipFile, ...source } = properties.Code;
  if (ZipFile === undefined) return source;
  return { ZipFile: inlineArchive(ZipFile, properties.Runtime ?? '') };
}

async function provisioned(name: string, call: Call) {
  const { FunctionArn } = await call.invoke('lambda', 'GetFunctionConfiguration', { FunctionName: name });
  return {
    physicalId: name,
    attributes: {
      Arn: FunctionArn,
      'SnapStartResponse.ApplyOn': 'None',
      'SnapStartResponse.OptimizationStatus': 'Off',
      SnapStartResponse: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    },
  };
}

async function reserve(name: string, value: number | undefined, call: Call): Promise<void> {
  if (value === undefined) await call.invoke('lambda', 'DeleteFunctionConcurrency', { FunctionName: name });
  else {
    await call.invoke('lambda', 'PutFunctionConcurrency', {
      FunctionName: name,
      ReservedConcurrentExecutions: value,
    });
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
export const lambdaFunction = defineResource<FunctionProperties>({
  type: 'AWS::Lambda::Function',
  properties: {
    Architectures: true,
    Code: { S3Bucket: true, S3Key: true, S3ObjectVersion: true, ZipFile: true, ImageUri: true },
    Description: true,
    Environment: true,
    EphemeralStorage: true,
    FunctionName: true,
    Handler: true,
    ImageConfig: { Command: true, EntryPoint: true, WorkingDirectory: true },
    KmsKeyArn: true,
    Layers: true,
    LoggingConfig: true,
    MemorySize: true,
    PackageType: true,
    ReservedConcurrentExecutions: true,
    Role: true,
    Runtime: true,
    SnapStart: true,
    Tags: true,
    Timeout: true,
    TracingConfig: true,
    VpcConfig: true,
  },

  async create(resource: ResourceContext<FunctionProperties>) {
    const { call, properties } = resource;
    const name = properties.FunctionName ?? resource.name({ maxLength: 64 });
    const tags = resourceTags(resource, properties.Tags);
    await call.invoke('lambda', 'CreateFunction', {
      ...present(settings(properties)),
      FunctionName: name,
      Code: code(properties),
      ...(properties.Architectures ? { Architectures: properties.Architectures } : {}),
      ...(properties.PackageType ? { PackageType: properties.PackageType } : {}),
      ...(tags.length ? { Tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) } : {}),
    });
    const reserved = number(properties.ReservedConcurrentExecutions);
    if (reserved !== undefined) await reserve(name, reserved, call);
    return provisioned(name, call);
  },

  async update({ call, properties, previous, physicalId: FunctionName }) {
    const changed = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
    if (
      changed(properties.Code, previous.Code) ||
      changed(properties.Architectures, previous.Architectures)
    ) {
      await call.invoke('lambda', 'UpdateFunctionCode', {
        FunctionName,
        ...code(properties),
        ...(properties.Architectures ? { Architectures: properties.Architectures } : {}),
      });
    }
    if (changed(settings(properties), settings(previous))) {
      await call.invoke('lambda', 'UpdateFunctionConfiguration', {
        FunctionName,
        ...present(settings(properties)),
        ...defaultsOfRemoved(properties, previous),
      });
    }
    const reserved = number(properties.ReservedConcurrentExecutions);
    if (reserved !== number(previous.ReservedConcurrentExecutions))
      await reserve(FunctionName, reserved, call);
    const result = await provisioned(FunctionName, call);
    const { set, removed } = tagChanges(previous.Tags, properties.Tags);
    const Resource = result.attributes.Arn!;
    if (removed.length) await call.invoke('lambda', 'UntagResource', { Resource, TagKeys: removed });
    if (set.length) {
      const Tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
      await call.invoke('lambda', 'TagResource', { Resource, Tags });
    }
    return result;
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('lambda', 'DeleteFunction', { FunctionName: physicalId }),
      'ResourceNotFoundException',
    );
  },
});

/** A property that leaves the template goes back to its default. */
function defaultsOfRemoved(now: FunctionProperties, before: FunctionProperties) {
  const gone = (name: keyof FunctionProperties) => now[name] === undefined && before[name] !== undefined;
  return {
    ...(gone('Description') ? { Description: '' } : {}),
    ...(gone('Timeout') ? { Timeout: 3 } : {}),
    ...(gone('MemorySize') ? { MemorySize: 128 } : {}),
    ...(gone('Environment') ? { Environment: { Variables: {} } } : {}),
    ...(gone('KmsKeyArn') ? { KMSKeyArn: '' } : {}),
    ...(gone('Layers') ? { Layers: [] } : {}),
    ...(gone('TracingConfig') ? { TracingConfig: { Mode: 'PassThrough' as const } } : {}),
    ...(gone('EphemeralStorage') ? { EphemeralStorage: { Size: 512 } } : {}),
    ...(gone('ImageConfig') ? { ImageConfig: {} } : {}),
    ...(gone('VpcConfig') ? { VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } } : {}),
    ...(gone('LoggingConfig') ? { LoggingConfig: { LogFormat: 'Text' as const } } : {}),
  };
}
