import type { ContinuousBackupsDescription } from '@aws-sdk/client-dynamodb';
import { AwsError, type Call, type Operation } from '../../../kernel';
import { invalid } from '../errors';
import { findTable, saveTable, tableName } from './catalog';
import type { TableRecord } from './record';

const DEFAULT_DAYS = 35;
const DAY = 24 * 60 * 60_000;
/** "LatestRestorableDateTime is typically 5 minutes before the current time." */
const LAG = 5 * 60_000;

/** Point-in-time recovery as a setting: it is kept and shown. Restoring is not implemented and says so. */
export const updateContinuousBackups: Operation<'dynamodb', 'UpdateContinuousBackups'> = (input, call) => {
  const { record } = backedUp(call, input.TableName);
  const wanted = input.PointInTimeRecoverySpecification;
  const { recovery, ...rest } = record;
  if (!wanted?.PointInTimeRecoveryEnabled) {
    if (wanted?.RecoveryPeriodInDays !== undefined) {
      throw invalid('RecoveryPeriodInDays can only be specified when PointInTimeRecoveryEnabled is true');
    }
    return describeBackups(saveTable(call, rest).record, call);
  }
  const enabledAt = recovery?.enabledAt ?? call.clock.now();
  const days = wanted.RecoveryPeriodInDays ?? recovery?.days ?? DEFAULT_DAYS;
  return describeBackups(saveTable(call, { ...rest, recovery: { enabledAt, days } }).record, call);
};

export const describeContinuousBackups: Operation<'dynamodb', 'DescribeContinuousBackups'> = (input, call) =>
  describeBackups(backedUp(call, input.TableName).record, call);

function backedUp(call: Call, given: string | undefined) {
  const table = findTable(call, given);
  if (table) return table;
  throw new AwsError('TableNotFoundException', `Table not found: ${tableName(given)}`);
}

function describeBackups({ recovery }: TableRecord, { clock }: Call) {
  const description: ContinuousBackupsDescription = {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
  };
  if (recovery) {
    const now = clock.millis();
    const enabled = recovery.enabledAt.getTime();
    description.PointInTimeRecoveryDescription = {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: recovery.days,
      EarliestRestorableDateTime: new Date(Math.max(enabled, now - recovery.days * DAY)),
      LatestRestorableDateTime: new Date(Math.max(enabled, now - LAG)),
    };
  }
  return { ContinuousBackupsDescription: description };
}
