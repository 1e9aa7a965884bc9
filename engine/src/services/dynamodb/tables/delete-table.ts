import type { Operation } from '../../../kernel';
import { invalid } from '../errors';
import { cancelSweep } from '../expiry/appointments';
import { expiries } from '../expiry/expiry';
import { describedTable, forgetTable } from './catalog';
import { describe } from './describe';

export const deleteTable: Operation<'dynamodb', 'DeleteTable'> = (input, call) => {
  const table = describedTable(call, input.TableName);
  const { record } = table;
  if (record.deletionProtection) {
    throw invalid(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  cancelSweep(call, record);
  call.store.transaction(() => {
    table.items.clear();
    for (const index of table.indexes) index.entries.clear();
    expiries(call.store, record).clear();
    forgetTable(call, record);
  });
  // AWS's last word on a table leaves out its schema.
  const { TableName, TableStatus, ProvisionedThroughput, TableSizeBytes, ItemCount, TableArn, TableId } =
    describe(record, { status: 'DELETING' });
  return {
    TableDescription: {
      TableName,
      TableStatus,
      ProvisionedThroughput,
      TableSizeBytes,
      ItemCount,
      TableArn,
      TableId,
      ...(record.billing && { BillingModeSummary: record.billing }),
      DeletionProtectionEnabled: record.deletionProtection,
    },
  };
};
