import { AwsError, defineResource } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';

interface VersionProperties {
  FunctionName: string;
  CodeSha256?: string;
  Description?: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html */
export const version = defineResource<VersionProperties>({
  type: 'AWS::Lambda::Version',
  properties: { FunctionName: true, CodeSha256: true, Description: true },
  async create({ call, properties }) {
    const before = new Set<string>();
    let Marker: string | undefined;
    do {
      const page = await call.invoke('lambda', 'ListVersionsByFunction', {
        FunctionName: properties.FunctionName,
        ...(Marker === undefined ? {} : { Marker }),
      });
      for (const { Version } of page.Versions ?? []) before.add(Version!);
      Marker = page.NextMarker;
    } while (Marker);
    const made = await call.invoke('lambda', 'PublishVersion', {
      FunctionName: properties.FunctionName,
      ...(properties.CodeSha256 === undefined ? {} : { CodeSha256: properties.CodeSha256 }),
      ...(properties.Description === undefined ? {} : { Description: properties.Description }),
    });
    if (before.has(made.Version!)) {
      throw new AwsError(
        'AlreadyExists',
        `A version for this Lambda function exists ( ${made.Version} ). Modify the function to create a new version.`,
      );
    }
    const arn = made.FunctionArn!;
    return { physicalId: arn, attributes: { Version: made.Version, FunctionArn: arn } };
  },
  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('lambda', 'DeleteFunction', { FunctionName: physicalId }),
      'ResourceNotFoundException',
    );
  },
});

interface AliasProperties {
  FunctionName: string;
  FunctionVersion: string;
  Name: string;
  Description?: string;
  RoutingConfig?: {
    AdditionalVersionWeights?: { FunctionVersion: string; FunctionWeight: number | string }[];
  };
}

function aliasInput({ FunctionName, FunctionVersion, Name, Description, RoutingConfig }: AliasProperties) {
  const weights = (RoutingConfig?.AdditionalVersionWeights ?? []).map((entry): [string, number] => [
    entry.FunctionVersion,
    Number(entry.FunctionWeight),
  ]);
  return {
    FunctionName,
    FunctionVersion,
    Name,
    Description: Description ?? '',
    RoutingConfig: { AdditionalVersionWeights: Object.fromEntries(weights) },
  };
}

export const alias = defineResource<AliasProperties>({
  type: 'AWS::Lambda::Alias',
  properties: {
    FunctionName: true,
    FunctionVersion: true,
    Name: true,
    Description: true,
    RoutingConfig: { AdditionalVersionWeights: { FunctionVersion: true, FunctionWeight: true } },
  },
  async create({ call, properties }) {
    const { AliasArn } = await call.invoke('lambda', 'CreateAlias', aliasInput(properties));
    return { physicalId: AliasArn!, attributes: { AliasArn } };
  },
  async update({ call, properties, physicalId }) {
    await call.invoke('lambda', 'UpdateAlias', aliasInput(properties));
    return { physicalId, attributes: { AliasArn: physicalId } };
  },
  async delete({ call, properties }) {
    await unlessGone(
      call.invoke('lambda', 'DeleteAlias', { FunctionName: properties.FunctionName, Name: properties.Name }),
      'ResourceNotFoundException',
    );
  },
});
