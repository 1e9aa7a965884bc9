import type { Member, OperationModel, Shape } from '../model';
import type { Constraint, Kind } from './constraints';

/**
 * What the models promise but the services check themselves, with sentences of their own. `'service Shape.Member'`
 * or `'service *.Member'`, and the kinds of constraint that are left to the service; 'all' is every one.
 */
const LEFT: Record<string, readonly (Kind | 'all')[]> = {
  // "Value x at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: […] or be a valid ARN",
  // an InvalidParameterValueException.
  'lambda *.Runtime': ['enum'],
  'lambda *.CompatibleRuntimes': ['enum'],
  'lambda *.CompatibleRuntime': ['enum'],
  // The elements of these lists have no "must not be null" in Lambda's message.
  'lambda VpcConfig.SubnetIds': ['null'],
  'lambda VpcConfig.SecurityGroupIds': ['null'],
  // InvalidParameterValueException, of the service.
  'lambda CreateEventSourceMappingRequest.StartingPosition': ['null'],
  // "TableName must be at least 3 characters long and at most 255 characters long", and ARNs.
  'dynamodb *.TableName': ['min', 'max', 'pattern'],
  // Checked with the template, by name of what is wrong.
  'cloudformation *.TemplateBody': ['min', 'max'],
  'cloudformation *.TemplateURL': ['min', 'max'],
  // MalformedPolicyDocument and LimitExceeded come first.
  'iam *.PolicyDocument': ['pattern', 'max'],
  'iam *.AssumeRolePolicyDocument': ['pattern', 'max'],
  // IllegalLocationConstraintException and InvalidLocationConstraint.
  's3 CreateBucketConfiguration.LocationConstraint': ['all'],
  // InvalidArgument, of the service.
  's3 FilterRule.Name': ['all'],
  's3 TopicConfiguration.Events': ['all'],
  's3 QueueConfiguration.Events': ['all'],
  's3 LambdaFunctionConfiguration.Events': ['all'],
};

export function leftToService(operation: OperationModel, owner: Shape, member: Member, kind: Kind): boolean {
  const { service } = operation.model;
  const kinds = LEFT[`${service} ${owner.id}.${member.name}`] ?? LEFT[`${service} *.${member.name}`];
  if (!kinds) return false;
  return kinds.includes(kind) || kinds.includes('all');
}

/** The runtimes that a layer may name, as Lambda lists them; the model knows others too. */
const LAYER_RUNTIMES =
  'nodejs20.x python3.14 provided.al2023 python3.12 python3.13 nodejs24.x nodejs22.x java25 ' +
  'python3.10 python3.11 java21 ruby3.3 ruby3.4 ruby3.2 python3.8 python3.9 java17 nodejs16.x ' +
  'dotnet10 dotnet8 java11 dotnet6 nodejs18.x provided.al2 java8.al2';

/** Those that layers may be searched by. */
const SEARCHED_RUNTIMES =
  'ruby3.5 ruby2.6 dotnetcore1.0 python3.7 nodejs8.10 nasa ruby2.7 python2.7-greengrass ' +
  'dotnetcore2.0 python3.8 java21 dotnet6 dotnetcore2.1 python3.9 java11 nodejs6.10 provided ' +
  'dotnetcore3.1 dotnet8 java25 java17 nodejs nodejs4.3 java8.al2 go1.x dotnet10 nodejs20.x go1.9 ' +
  'byol nodejs10.x provided.al2023 nodejs22.x python3.10 java8 nodejs12.x python3.11 nodejs24.x ' +
  'nodejs8.x python3.12 nodejs14.x nodejs8.9 nodejs26.x python3.13 python3.14 nodejs16.x python3.15 ' +
  'provided.al2 nodejs4.3-edge nodejs18.x ruby3.2 python3.4 ruby3.3 ruby3.4 ruby2.5 python3.6 ' +
  'python2.7';

const OWN_VALUES: Record<string, string> = {
  'lambda PublishLayerVersion.CompatibleRuntimes': LAYER_RUNTIMES,
  'lambda ListLayers.CompatibleRuntime': SEARCHED_RUNTIMES,
  'lambda ListLayerVersions.CompatibleRuntime': SEARCHED_RUNTIMES,
};

/** Where a service has a set of values of its own, in place of the model's; such a member is reported first. */
export function ownValues(operation: OperationModel, member: Member): Constraint | undefined {
  const values = OWN_VALUES[`${operation.model.service} ${operation.name}.${member.name}`]?.split(' ');
  if (!values) return undefined;
  const known = new Set(values);
  return {
    kind: 'enum',
    sentence: `Member must satisfy enum value set: [${values.join(', ')}]`,
    holds: (value) => (Array.isArray(value) ? value : [value]).every((item) => known.has(item)),
  };
}
