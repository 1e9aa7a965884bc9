import type { Parameter } from '@aws-sdk/client-rds';
import { AwsError, arn, type Call, type Operation } from '../../kernel';
import {
  findParameterGroup,
  instances,
  type ParameterGroupRecord,
  page,
  parameterGroups,
  tags,
} from './store';
import { checkIdentifier } from './validation';

/** RDS's own parameters that the engine acts on. */
const RDS_PARAMETERS = new Set(['rds.force_ssl']);

async function checkParameters(call: Call, parameters: readonly Parameter[]): Promise<void> {
  const known = await call.parts.servers.postgresParameters();
  for (const { ParameterName: name = '', ParameterValue: value, ApplyMethod: method } of parameters) {
    if (!known.has(name) && !RDS_PARAMETERS.has(name)) {
      throw new AwsError('InvalidParameterValue', `Could not find parameter with name: ${name}`);
    }
    if (value === undefined)
      throw new AwsError('InvalidParameterValue', `The parameter ${name} must have a value.`);
    if (name === 'rds.force_ssl' && !/^[01]$/.test(value)) {
      throw new AwsError(
        'InvalidParameterValue',
        `Invalid parameter value: ${value} for: ${name} allowed values are: 0,1`,
      );
    }
    if (method === undefined)
      throw new AwsError(
        'InvalidParameterCombination',
        'The parameter ApplyMethod must be provided and must not be blank.',
      );
  }
}

export const createDBParameterGroup: Operation<'rds', 'CreateDBParameterGroup'> = async (input, call) => {
  const name = input.DBParameterGroupName!.toLowerCase();
  checkIdentifier('DBParameterGroupName', name);
  const major = (await call.parts.servers.postgresVersion()).split('.')[0];
  if (input.DBParameterGroupFamily !== `postgres${major}`) {
    throw new AwsError(
      'InvalidParameterValue',
      `ParameterGroupFamily ${input.DBParameterGroupFamily} is not a valid parameter group family`,
    );
  }
  if (parameterGroups(call.store).has(name)) {
    throw new AwsError('DBParameterGroupAlreadyExists', `Parameter group ${name} already exists`);
  }
  const record: ParameterGroupRecord = {
    description: {
      DBParameterGroupName: name,
      DBParameterGroupFamily: input.DBParameterGroupFamily,
      Description: input.Description,
      DBParameterGroupArn: arn('rds', call.region, call.account, `pg:${name}`),
    },
    parameters: {},
  };
  call.store.transaction(() => {
    parameterGroups(call.store).put(name, record);
    if (input.Tags?.length) tags(call.store).put(record.description.DBParameterGroupArn, input.Tags);
  });
  return { DBParameterGroup: record.description };
};

export const describeDBParameterGroups: Operation<'rds', 'DescribeDBParameterGroups'> = (input, call) => {
  if (input.DBParameterGroupName)
    return { DBParameterGroups: [findParameterGroup(call, input.DBParameterGroupName).description] };
  const { values, ...rest } = page(parameterGroups(call.store).entries(), input);
  return { DBParameterGroups: values.map(({ description }) => description), ...rest };
};

/** The parameters a user has set. (RDS lists the engine's defaults too.) */
export const describeDBParameters: Operation<'rds', 'DescribeDBParameters'> = (input, call) => {
  const { parameters } = findParameterGroup(call, input.DBParameterGroupName);
  if (input.Source !== undefined && input.Source !== 'user') return { Parameters: [] };
  return {
    Parameters: Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
      ParameterName,
      ParameterValue,
      Source: 'user',
      IsModifiable: true,
      ApplyMethod: 'pending-reboot',
    })),
  };
};

export const modifyDBParameterGroup: Operation<'rds', 'ModifyDBParameterGroup'> = async (input, call) => {
  await checkParameters(call, input.Parameters ?? []);
  const record = findParameterGroup(call, input.DBParameterGroupName);
  for (const { ParameterName = '', ParameterValue = '' } of input.Parameters ?? [])
    record.parameters[ParameterName] = ParameterValue;
  parameterGroups(call.store).put(record.description.DBParameterGroupName, record);
  return { DBParameterGroupName: record.description.DBParameterGroupName };
};

export const resetDBParameterGroup: Operation<'rds', 'ResetDBParameterGroup'> = (input, call) => {
  const record = findParameterGroup(call, input.DBParameterGroupName);
  const names =
    input.ResetAllParameters || !input.Parameters?.length
      ? Object.keys(record.parameters)
      : input.Parameters.map(({ ParameterName = '' }) => ParameterName);
  for (const name of names) delete record.parameters[name];
  parameterGroups(call.store).put(record.description.DBParameterGroupName, record);
  return { DBParameterGroupName: record.description.DBParameterGroupName };
};

export const deleteDBParameterGroup: Operation<'rds', 'DeleteDBParameterGroup'> = (input, call) => {
  const name = input.DBParameterGroupName!.toLowerCase();
  if (name.startsWith('default.'))
    throw new AwsError(
      'InvalidDBParameterGroupState',
      `The parameter DBParameterGroupName is not a valid identifier: ${name}`,
    );
  const { description } = findParameterGroup(call, name);
  for (const instance of instances(call.store).values()) {
    if (instance.description.DBParameterGroups?.some((group) => group.DBParameterGroupName === name)) {
      throw new AwsError(
        'InvalidDBParameterGroupState',
        'One or more database instances are still members of this parameter group, so the group cannot be deleted',
      );
    }
  }
  call.store.transaction(() => {
    parameterGroups(call.store).remove(name);
    tags(call.store).remove(description.DBParameterGroupArn);
  });
  return {};
};
