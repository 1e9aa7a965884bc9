import type {
  BillingMode,
  ProvisionedThroughput,
  ProvisionedThroughputDescription,
} from '@aws-sdk/client-dynamodb';
import { invalid, invalidParameter } from '../errors';

const MOST = 1_000_000_000_000;

/** Refuses a table's throughput that does not go with its billing mode. */
export function checkThroughput(mode: BillingMode, given: ProvisionedThroughput | undefined): void {
  if (mode === 'PAY_PER_REQUEST') {
    if (!given) return;
    throw invalidParameter(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (!given?.ReadCapacityUnits || !given.WriteCapacityUnits) {
    throw invalidParameter(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  checkBounds(given);
}

export function checkBounds(given: ProvisionedThroughput): void {
  for (const unit of ['ReadCapacityUnits', 'WriteCapacityUnits'] as const) {
    if ((given[unit] ?? 0) > MOST) throw invalid(`Given value ${given[unit]} for ${unit} is out of bounds`);
  }
}

export function newThroughput(given: ProvisionedThroughput | undefined): ProvisionedThroughputDescription {
  return {
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: given?.ReadCapacityUnits ?? 0,
    WriteCapacityUnits: given?.WriteCapacityUnits ?? 0,
  };
}

/** The throughput after a change at `now`, with the dates and the count of decreases that AWS shows. */
export function changedThroughput(
  current: ProvisionedThroughputDescription,
  wanted: ProvisionedThroughput | undefined,
  now: Date,
): ProvisionedThroughputDescription {
  const next = newThroughput(wanted);
  const read = (next.ReadCapacityUnits ?? 0) - (current.ReadCapacityUnits ?? 0);
  const write = (next.WriteCapacityUnits ?? 0) - (current.WriteCapacityUnits ?? 0);
  const sameDay = current.LastDecreaseDateTime?.toISOString().slice(0, 10) === now.toISOString().slice(0, 10);
  const today = sameDay ? (current.NumberOfDecreasesToday ?? 0) : 0;
  const decreased = read < 0 || write < 0;
  return {
    ...current,
    ...next,
    NumberOfDecreasesToday: today + (decreased ? 1 : 0),
    ...((read > 0 || write > 0) && { LastIncreaseDateTime: now }),
    ...(decreased && { LastDecreaseDateTime: now }),
  };
}
