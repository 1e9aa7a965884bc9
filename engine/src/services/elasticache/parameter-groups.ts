import { AwsError, arn, type Call, type Operation } from '../../kernel';
import type { Store } from '../../storage';
import { clusters, groups, page, parameterGroups, tags } from './store';
import { checkIdentifier } from './validation';

const FAMILIES = new Set(['redis6.x', 'redis7', 'valkey7', 'valkey8', 'valkey9']);

/** ElastiCache's parameters that are a server's own settings; the rest of its list is refused. */
const PARAMETERS = new Set([
  'maxmemory-policy',
  'maxmemory-samples',
  'notify-keyspace-events',
  'timeout',
  'tcp-keepalive',
  'hash-max-listpack-entries',
  'hash-max-listpack-value',
  'set-max-intset-entries',
  'zset-max-listpack-entries',
  'zset-max-listpack-value',
  'activerehashing',
  'slowlog-log-slower-than',
  'slowlog-max-len',
  'lazyfree-lazy-eviction',
  'lazyfree-lazy-expire',
  'lfu-decay-time',
  'lfu-log-factor',
]);

export function parametersOf(store: Store, group: string): Record<string, string> {
  return parameterGroups(store).get(group)?.parameters ?? {};
}

/** The named group, or the family's default. */
export function resolveParameterGroup(call: Call, name: string | undefined, family: string): string {
  if (name === undefined) return `default.${family}`;
  const known = /^default\.(.+?)(?:\.cluster\.on)?$/.exec(name);
  if (known && FAMILIES.has(known[1]!)) {
    if (known[1] !== family)
      throw new AwsError(
        'InvalidParameterCombination',
        `Expected a parameter group of family ${family} but found one of family ${known[1]}`,
      );
    return name;
  }
  const found = find(call, name).description;
  if (found.CacheParameterGroupFamily !== family) {
    throw new AwsError(
      'InvalidParameterCombination',
      `Expected a parameter group of family ${family} but found one of family ${found.CacheParameterGroupFamily}`,
    );
  }
  return found.CacheParameterGroupName;
}

function find(call: Call, name: string | undefined) {
  const found = parameterGroups(call.store).get(String(name).toLowerCase());
  if (!found)
    throw new AwsError('CacheParameterGroupNotFound', `CacheParameterGroup ${name} not found.`, {
      status: 404,
    });
  return found;
}

export const createCacheParameterGroup: Operation<'elasticache', 'CreateCacheParameterGroup'> = (
  input,
  call,
) => {
  const name = input.CacheParameterGroupName!.toLowerCase();
  checkIdentifier('CacheParameterGroupName', name, 255);
  if (!FAMILIES.has(input.CacheParameterGroupFamily!)) {
    throw new AwsError(
      'InvalidParameterValue',
      `CacheParameterGroupFamily ${input.CacheParameterGroupFamily} is not a valid parameter group family.`,
    );
  }
  if (parameterGroups(call.store).has(name))
    throw new AwsError('CacheParameterGroupAlreadyExists', `Parameter group ${name} already exists`);
  const description = {
    CacheParameterGroupName: name,
    CacheParameterGroupFamily: input.CacheParameterGroupFamily,
    Description: input.Description,
    IsGlobal: false,
    ARN: arn('elasticache', call.region, call.account, `parametergroup:${name}`),
  };
  call.store.transaction(() => {
    parameterGroups(call.store).put(name, { description, parameters: {} });
    if (input.Tags?.length) tags(call.store).put(description.ARN, input.Tags);
  });
  return { CacheParameterGroup: description };
};

export const modifyCacheParameterGroup: Operation<'elasticache', 'ModifyCacheParameterGroup'> = (
  input,
  call,
) => {
  const record = find(call, input.CacheParameterGroupName);
  for (const { ParameterName = '', ParameterValue } of input.ParameterNameValues ?? []) {
    if (!PARAMETERS.has(ParameterName))
      throw new AwsError(
        'InvalidParameterValue',
        `The parameter ${ParameterName} is not a valid or modifiable parameter (of those tierkit implements).`,
      );
    if (ParameterValue === undefined)
      throw new AwsError('InvalidParameterValue', `The parameter ${ParameterName} must have a value.`);
    record.parameters[ParameterName] = ParameterValue;
  }
  parameterGroups(call.store).put(record.description.CacheParameterGroupName, record);
  return { CacheParameterGroupName: record.description.CacheParameterGroupName };
};

export const describeCacheParameterGroups: Operation<'elasticache', 'DescribeCacheParameterGroups'> = (
  input,
  call,
) => {
  if (input.CacheParameterGroupName)
    return { CacheParameterGroups: [find(call, input.CacheParameterGroupName).description] };
  const { values, ...rest } = page(parameterGroups(call.store).entries(), input);
  return { CacheParameterGroups: values.map(({ description }) => description), ...rest };
};

export const deleteCacheParameterGroup: Operation<'elasticache', 'DeleteCacheParameterGroup'> = (
  input,
  call,
) => {
  const { description } = find(call, input.CacheParameterGroupName);
  const name = description.CacheParameterGroupName;
  const used = [...groups(call.store).values(), ...clusters(call.store).values()].some(
    (one) => one.parameterGroup === name,
  );
  if (used) {
    throw new AwsError(
      'InvalidCacheParameterGroupState',
      'One or more cache clusters are still members of this parameter group, so the group cannot be deleted',
    );
  }
  call.store.transaction(() => {
    parameterGroups(call.store).remove(name);
    tags(call.store).remove(description.ARN);
  });
  return {};
};
