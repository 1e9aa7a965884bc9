import type { Operation } from '../../kernel';
import { engineOf } from '../../templates/engine';
import { importers } from '../../templates/outputs';
import { state } from '../../templates/records';
import { refuse } from '../../templates/refusal';
import { page } from './page';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListExports.html */
export const listExports: Operation<'cloudformation', 'ListExports'> = (input, call) => {
  const { items, next } = page([...state(call.store).exports.values()], input.NextToken);
  return {
    Exports: items.map(({ name, value, stackId }) => ({
      ExportingStackId: stackId,
      Name: name,
      Value: value,
    })),
    ...(next === undefined ? {} : { NextToken: next }),
  };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListImports.html */
export const listImports: Operation<'cloudformation', 'ListImports'> = (input, call) => {
  const name = input.ExportName ?? '';
  const users = importers(engineOf(call), name);
  if (users.length === 0) throw refuse(`Export '${name}' is not imported by any stack.`);
  const { items, next } = page(users, input.NextToken);
  return { Imports: items, ...(next === undefined ? {} : { NextToken: next }) };
};
