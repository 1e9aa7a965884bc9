import type { Capacity, ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';

/**
 * Capacity units, as AWS reports them with ReturnConsumedCapacity.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export interface Units {
  table: number;
  indexes: IndexUnits[];
}

export interface IndexUnits {
  name: string;
  global: boolean;
  units: number;
}

const WRITE_UNIT = 1024;
const READ_UNIT = 4096;

export function writeUnits(size: number): number {
  return Math.max(1, Math.ceil(size / WRITE_UNIT));
}

/** Reading nothing costs as much as reading something small. */
export function readUnits(size: number, consistent: boolean | undefined): number {
  return Math.max(1, Math.ceil(size / READ_UNIT)) * (consistent ? 1 : 0.5);
}

export function wantsCapacity(mode: ReturnConsumedCapacity | undefined): boolean {
  return mode === 'TOTAL' || mode === 'INDEXES';
}

/** `kind` is given for transactions only, which AWS reports as reads or writes. */
export function consumed(
  mode: ReturnConsumedCapacity | undefined,
  tableName: string | undefined,
  units: Units,
  kind?: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): ConsumedCapacity {
  const capacity = (amount: number): Capacity =>
    kind ? { CapacityUnits: amount, [kind]: amount } : { CapacityUnits: amount };
  const total = units.indexes.reduce((sum, index) => sum + index.units, units.table);
  const report: ConsumedCapacity = { TableName: tableName, ...capacity(total) };
  if (mode !== 'INDEXES') return report;
  report.Table = capacity(units.table);
  for (const { name, global, units: amount } of units.indexes) {
    const member = global ? 'GlobalSecondaryIndexes' : 'LocalSecondaryIndexes';
    report[member] ??= {};
    report[member][name] = capacity(amount);
  }
  return report;
}

/** Adds up what several reads or writes of one table took. */
export class UnitsSum {
  table = 0;
  readonly #indexes = new Map<string, IndexUnits>();

  add(units: Units, factor = 1): void {
    this.table += units.table * factor;
    for (const index of units.indexes) {
      const sum = this.#indexes.get(index.name) ?? { ...index, units: 0 };
      sum.units += index.units * factor;
      this.#indexes.set(index.name, sum);
    }
  }

  get indexes(): IndexUnits[] {
    return [...this.#indexes.values()];
  }
}
