import { type Access, arn, type Call, type Needed, parseArn } from '../../kernel';
import { instances, tags } from './store';

type Keys = NonNullable<Needed['keys']>;
type Kind = 'db' | 'snapshot' | 'pg' | 'og' | 'subgrp';

/** A need on something by its name or ARN; `*` stands for all of its kind. */
function on(
  call: Call,
  action: string,
  kind: Kind,
  name: string | undefined,
  input: object,
  keys?: Keys,
): Needed {
  const resource = name?.startsWith('arn:')
    ? name
    : arn('rds', call.region, call.account, `${kind}:${(name ?? '*').toLowerCase()}`);
  return { ...onArn(call, action, resource, input), ...(keys ? { keys } : {}) };
}

function onArn(call: Call, action: string, resource: string, input: object): Needed {
  const parsed = parseArn(resource);
  const kind = parsed?.resource.split(':')[0] ?? '';
  const kept = () =>
    Object.fromEntries(
      (tags(call.store).get(resource) ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
    );
  return {
    action: `rds:${action}`,
    resource,
    tags: kept,
    // RDS knows tags by names of its own, besides those that all services have.
    families: {
      [`rds:${kind}-tag/`]: (name) => kept()[name],
      'rds:req-tag/': (name) => asked(input).find(({ Key }) => Key === name)?.Value,
    },
    ...(kind === 'db' ? { keys: ofInstance(call, parsed?.resource.slice(3)) } : {}),
    ...(parsed?.account ? { owner: parsed.account } : {}),
  };
}

const asked = (input: object): { Key?: string; Value?: string }[] =>
  (input as { Tags?: { Key?: string; Value?: string }[] }).Tags ?? [];

interface Described {
  DBInstanceClass?: string | undefined;
  Engine?: string | undefined;
  DBName?: string | undefined;
  MultiAZ?: boolean | undefined;
  StorageEncrypted?: boolean | undefined;
  AllocatedStorage?: number | undefined;
  Iops?: number | undefined;
  PubliclyAccessible?: boolean | undefined;
  ManageMasterUserPassword?: boolean | undefined;
}

const text = (value: number | boolean | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.Conditions.html */
const keysOf = (input: Described): Keys => ({
  'rds:DatabaseClass': input.DBInstanceClass,
  'rds:DatabaseEngine': input.Engine,
  'rds:DatabaseName': input.DBName,
  'rds:MultiAz': text(input.MultiAZ ?? false),
  'rds:Piops': text(input.Iops),
  'rds:StorageEncrypted': text(input.StorageEncrypted ?? false),
  'rds:StorageSize': text(input.AllocatedStorage),
  'rds:Vpc': 'true',
});

function ofInstance(call: Call, name: string | undefined): Keys {
  const found = name === undefined ? undefined : instances(call.store).get(name);
  return found ? keysOf(found.description) : {};
}

const requested = (input: Described): Keys => ({
  ...keysOf(input),
  'rds:PubliclyAccessible': text(input.PubliclyAccessible ?? false),
  'rds:ManageMasterUserPassword': text(input.ManageMasterUserPassword ?? false),
});

/**
 * What is born with tags needs AddTagsToResource too.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples-grant-permissions-tags-on-create.html
 */
function made(
  call: Call,
  action: string,
  kind: Kind,
  name: string | undefined,
  input: object,
  keys?: Keys,
): Needed[] {
  const need = on(call, action, kind, name ?? '', input, keys);
  return asked(input).length > 0 ? [need, { ...need, action: 'rds:AddTagsToResource' }] : [need];
}

/** The Postgres that is bundled, and so what groups are called that nobody made. */
const MAJOR = '16';

interface Grouped extends Described {
  DBInstanceIdentifier?: string | undefined;
  DBParameterGroupName?: string | undefined;
  DBSubnetGroupName?: string | undefined;
  OptionGroupName?: string | undefined;
  EngineVersion?: string | undefined;
}

/**
 * An instance is made in its groups, also those that it gets unasked.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples.html
 */
function madeInstance(call: Call, action: string, input: Grouped): Needed[] {
  const major = input.EngineVersion?.split('.')[0] ?? MAJOR;
  const optionGroup = input.OptionGroupName ?? `default:postgres-${major}`;
  const parameterGroup = input.DBParameterGroupName ?? `default.postgres${major}`;
  return [
    ...made(call, action, 'db', input.DBInstanceIdentifier, input, requested(input)),
    on(call, action, 'og', optionGroup, input),
    on(call, action, 'pg', parameterGroup, input),
    on(call, action, 'subgrp', input.DBSubnetGroupName ?? 'default', input),
  ];
}

const instance =
  (action: string) =>
  (input: { DBInstanceIdentifier?: string | undefined }, call: Call): Needed =>
    on(call, action, 'db', input.DBInstanceIdentifier, input);

const parameterGroup =
  (action: string) =>
  (input: { DBParameterGroupName?: string | undefined }, call: Call): Needed =>
    on(call, action, 'pg', input.DBParameterGroupName, input);

const subnetGroup =
  (action: string) =>
  (input: { DBSubnetGroupName?: string | undefined }, call: Call): Needed =>
    on(call, action, 'subgrp', input.DBSubnetGroupName, input);

const tagging =
  (action: string) =>
  (input: { ResourceName?: string | undefined }, call: Call): Needed =>
    onArn(call, action, input.ResourceName ?? '', input);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html */
const access: Access<'rds'> = {
  AddTagsToResource: tagging('AddTagsToResource'),
  ListTagsForResource: tagging('ListTagsForResource'),
  RemoveTagsFromResource: tagging('RemoveTagsFromResource'),
  CreateDBInstance: (input, call) => madeInstance(call, 'CreateDBInstance', input),
  RestoreDBInstanceFromDBSnapshot: (input, call) => [
    ...madeInstance(call, 'RestoreDBInstanceFromDBSnapshot', input),
    on(call, 'RestoreDBInstanceFromDBSnapshot', 'snapshot', input.DBSnapshotIdentifier, input),
  ],
  ModifyDBInstance: (input, call) => [
    instance('ModifyDBInstance')(input, call),
    ...(input.DBParameterGroupName === undefined ? [] : [parameterGroup('ModifyDBInstance')(input, call)]),
    ...(input.DBSubnetGroupName === undefined ? [] : [subnetGroup('ModifyDBInstance')(input, call)]),
    ...(input.OptionGroupName === undefined
      ? []
      : [on(call, 'ModifyDBInstance', 'og', input.OptionGroupName, input)]),
  ],
  // A final snapshot needs no more than the deletion: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
  DeleteDBInstance: instance('DeleteDBInstance'),
  DescribeDBInstances: instance('DescribeDBInstances'),
  RebootDBInstance: instance('RebootDBInstance'),
  StartDBInstance: instance('StartDBInstance'),
  StopDBInstance: (input, call) => [
    instance('StopDBInstance')(input, call),
    ...(input.DBSnapshotIdentifier === undefined
      ? []
      : [on(call, 'StopDBInstance', 'snapshot', input.DBSnapshotIdentifier, input)]),
  ],
  DescribeDBEngineVersions: () => ({ action: 'rds:DescribeDBEngineVersions', resource: '*' }),
  CreateDBSnapshot: (input, call) => [
    ...made(call, 'CreateDBSnapshot', 'snapshot', input.DBSnapshotIdentifier, input),
    instance('CreateDBSnapshot')(input, call),
  ],
  DeleteDBSnapshot: (input, call) =>
    on(call, 'DeleteDBSnapshot', 'snapshot', input.DBSnapshotIdentifier, input),
  DescribeDBSnapshots: (input, call) => [
    ...(input.DBInstanceIdentifier === undefined ? [] : [instance('DescribeDBSnapshots')(input, call)]),
    on(call, 'DescribeDBSnapshots', 'snapshot', input.DBSnapshotIdentifier, input),
  ],
  CreateDBParameterGroup: (input, call) =>
    made(call, 'CreateDBParameterGroup', 'pg', input.DBParameterGroupName, input),
  DeleteDBParameterGroup: parameterGroup('DeleteDBParameterGroup'),
  DescribeDBParameterGroups: parameterGroup('DescribeDBParameterGroups'),
  DescribeDBParameters: parameterGroup('DescribeDBParameters'),
  ModifyDBParameterGroup: parameterGroup('ModifyDBParameterGroup'),
  ResetDBParameterGroup: parameterGroup('ResetDBParameterGroup'),
  CreateDBSubnetGroup: (input, call) =>
    made(call, 'CreateDBSubnetGroup', 'subgrp', input.DBSubnetGroupName, input),
  DeleteDBSubnetGroup: subnetGroup('DeleteDBSubnetGroup'),
  DescribeDBSubnetGroups: subnetGroup('DescribeDBSubnetGroups'),
  ModifyDBSubnetGroup: subnetGroup('ModifyDBSubnetGroup'),
};

export default access;
