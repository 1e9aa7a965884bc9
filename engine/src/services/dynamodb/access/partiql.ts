import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Call, isAwsError, type Needed } from '../../../kernel';
import { readStatement, type Statement } from '../partiql/statement';
import { onTable } from './table-needs';

const ACTIONS: Readonly<Record<Statement['kind'], string>> = {
  select: 'PartiQLSelect',
  insert: 'PartiQLInsert',
  update: 'PartiQLUpdate',
  delete: 'PartiQLDelete',
};

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html */
export function statementNeeds(
  call: Call,
  text: string | undefined,
  parameters: AttributeValue[] | undefined,
): Needed[] {
  let statement: Statement;
  try {
    statement = readStatement(text ?? '', parameters);
  } catch (error) {
    // What cannot be read touches nothing; the operation says what is wrong with it.
    if (isAwsError(error)) return [];
    throw error;
  }
  const index = statement.kind === 'select' ? statement.index : undefined;
  return [onTable(call, ACTIONS[statement.kind], statement.table, {}, index)];
}
