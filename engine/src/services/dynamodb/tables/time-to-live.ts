import type { Operation } from '../../../kernel';
import { invalid } from '../errors';
import { cancelSweep, scheduleSweep } from '../expiry/appointments';
import { expiries, noteExpiry } from '../expiry/expiry';
import { describedTable, saveTable } from './catalog';
import type { TableRecord } from './record';

/** AWS takes about an hour for a change, and refuses another one meanwhile. */
const BETWEEN_CHANGES = 60 * 60_000;

export const updateTimeToLive: Operation<'dynamodb', 'UpdateTimeToLive'> = (input, call) => {
  const { record } = describedTable(call, input.TableName);
  const { Enabled: enabled, AttributeName: attribute } = input.TimeToLiveSpecification ?? {};
  if (attribute === undefined) throw invalid('TimeToLiveSpecification is required');
  if (enabled && record.ttl) {
    throw invalid(
      record.ttl.attribute === attribute
        ? 'TimeToLive is already enabled'
        : 'TimeToLive is active on a different AttributeName: current AttributeName is ' +
            record.ttl.attribute,
    );
  }
  if (!enabled && !record.ttl) throw invalid('TimeToLive is already disabled');
  if (!enabled && record.ttl?.attribute !== attribute) {
    throw invalid(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${record.ttl?.attribute}`,
    );
  }
  const now = call.clock.now();
  if (record.ttlChangedAt && now.getTime() - record.ttlChangedAt.getTime() < BETWEEN_CHANGES) {
    throw invalid('Time to live has been modified multiple times within a fixed interval');
  }
  const { ttl: _before, ...rest } = record;
  const next: TableRecord = {
    ...rest,
    ttlChangedAt: now,
    ...(enabled && { ttl: { attribute, changedAt: now } }),
  };
  call.store.transaction(() => {
    expiries(call.store, record).clear();
    const { items } = saveTable(call, next);
    if (!enabled) return;
    for (const { key, value } of items.entries()) noteExpiry(call.store, next, key, undefined, value);
  });
  cancelSweep(call, record);
  scheduleSweep(call, next);
  return { TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute } };
};

export const describeTimeToLive: Operation<'dynamodb', 'DescribeTimeToLive'> = (input, call) => {
  const { ttl } = describedTable(call, input.TableName).record;
  return {
    TimeToLiveDescription: ttl
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: ttl.attribute }
      : { TimeToLiveStatus: 'DISABLED' },
  };
};
