import { MAX_UNZIPPED_BYTES } from '../../functions/archive';
import { ACCOUNT_CONCURRENCY } from '../../functions/concurrency';
import type { Call, Operation } from '../../kernel';
import { invalid } from './errors';
import { requireFunction } from './names';
import { type Place, placeOf } from './place';
import { lambdaStore } from './store';

/** What AWS keeps for functions without a reservation. */
const MIN_UNRESERVED = 100;

/** What the reservations of the account leave; remembered, as every invocation asks. */
export function unreservedConcurrency(place: Place): number {
  return reservations(place).unreserved;
}

function reservations(place: Place): { unreserved: number } {
  const { host, account, region } = place;
  return host.memo(`lambda:unreserved:${account}:${region}`, () => ({ unreserved: sum(place) }));
}

function sum(place: Place, without?: string): number {
  let left = ACCOUNT_CONCURRENCY;
  for (const record of place.store.functions.values()) {
    if (record.name !== without) left -= record.reservedConcurrency ?? 0;
  }
  return left;
}

export function reservationsChanged(call: Call): void {
  const place = placeOf(call);
  reservations(place).unreserved = sum(place);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
export const putFunctionConcurrency: Operation<'lambda', 'PutFunctionConcurrency'> = (input, call) => {
  const { name } = requireFunction(input.FunctionName!, call);
  const wanted = input.ReservedConcurrentExecutions!;
  if (wanted > 0 && sum(placeOf(call), name) - wanted < MIN_UNRESERVED) {
    throw invalid(
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${MIN_UNRESERVED}].`,
    );
  }
  const { functions } = lambdaStore(call.store);
  functions.put(name, { ...functions.get(name)!, reservedConcurrency: wanted });
  reservationsChanged(call);
  return { ReservedConcurrentExecutions: wanted };
};

export const getFunctionConcurrency: Operation<'lambda', 'GetFunctionConcurrency'> = (input, call) => {
  const { name } = requireFunction(input.FunctionName!, call);
  const reserved = lambdaStore(call.store).functions.get(name)?.reservedConcurrency;
  return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
};

export const deleteFunctionConcurrency: Operation<'lambda', 'DeleteFunctionConcurrency'> = (input, call) => {
  const { name } = requireFunction(input.FunctionName!, call);
  const { functions } = lambdaStore(call.store);
  const { reservedConcurrency: _gone, ...record } = functions.get(name)!;
  functions.put(name, record);
  reservationsChanged(call);
  return {};
};

export const getAccountSettings: Operation<'lambda', 'GetAccountSettings'> = (_input, call) => {
  const { versions, layers, functions } = lambdaStore(call.store);
  let used = 0;
  for (const version of versions.values()) used += version.codeSize;
  for (const layer of layers.values()) used += layer.size;
  return {
    AccountLimit: {
      TotalCodeSize: 80_530_636_800,
      CodeSizeUnzipped: MAX_UNZIPPED_BYTES,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: ACCOUNT_CONCURRENCY,
      UnreservedConcurrentExecutions: unreservedConcurrency(placeOf(call)),
    },
    AccountUsage: { TotalCodeSize: used, FunctionCount: functions.count() },
  };
};
