import { invalid } from '../errors';
import { checkValue, rewording } from '../values/check';
import type { Item, Value } from '../values/value';
import type { Action, Condition, Path } from './ast';
import { bindCondition } from './bind-condition';
import { bindProjection } from './bind-projection';
import { bindUpdate } from './bind-update';
import { Bindings } from './bindings';
import { parseCondition } from './condition-parser';
import { remembering } from './lru';
import { parseProjection } from './projection-parser';
import { parseUpdate } from './update-parser';

export type ExpressionName =
  | 'UpdateExpression'
  | 'ConditionExpression'
  | 'KeyConditionExpression'
  | 'FilterExpression'
  | 'ProjectionExpression';

/** The parameters of a request that hold expressions; each operation has some of them. */
export type ExpressionInput = { readonly [Name in ExpressionName]?: string | undefined } & {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, Value> | undefined;
};

export interface Expressions {
  update?: Action[];
  condition?: Condition;
  keyCondition?: Condition;
  filter?: Condition;
  projection?: Path[];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html (expression parameters) */
const MAX_EXPRESSION_BYTES = 4096;

const parsedCondition = remembering(1000, parseCondition);
const parsedUpdate = remembering(1000, parseUpdate);
const parsedProjection = remembering(1000, parseProjection);

const NOTHING: Expressions = {};

/** Refuses parameters that do not go together. `expressions` are those of the operation, in AWS's order. */
export function checkParameters(
  input: ExpressionInput,
  expressions: readonly ExpressionName[],
  legacy: readonly string[] = [],
): void {
  const given = expressions.filter((name) => input[name] !== undefined);
  if (given.length > 0 && legacy.length > 0) {
    const others = legacy.filter((name) => (input as Record<string, unknown>)[name] !== undefined);
    if (others.length > 0) {
      throw invalid(
        'Can not use both expression and non-expression parameters in the same request: ' +
          `Non-expression parameters: {${others.join(', ')}} Expression parameters: {${given.join(', ')}}`,
      );
    }
  }
  if (input.ExpressionAttributeNames && given.length === 0) {
    throw invalid('ExpressionAttributeNames can only be specified when using expressions');
  }
  const takers = expressions.filter((name) => name !== 'ProjectionExpression');
  if (input.ExpressionAttributeValues && takers.every((name) => input[name] === undefined)) {
    const are = takers.length > 1 ? 'are' : 'is';
    throw invalid(
      `ExpressionAttributeValues can only be specified when using expressions: ${takers.join(' and ')} ${are} null`,
    );
  }
}

/** Reads all expressions of a request: parses, fills in placeholders, checks. */
export function readExpressions(input: ExpressionInput): Expressions {
  const { UpdateExpression, ConditionExpression, KeyConditionExpression } = input;
  const { FilterExpression, ProjectionExpression } = input;
  const names = input.ExpressionAttributeNames;
  const values = input.ExpressionAttributeValues;
  if (
    UpdateExpression === undefined &&
    ConditionExpression === undefined &&
    KeyConditionExpression === undefined &&
    FilterExpression === undefined &&
    ProjectionExpression === undefined
  ) {
    return NOTHING;
  }
  const bindings = new Bindings(checkNames(names), checkValues(values));
  const read: Expressions = {};
  if (UpdateExpression !== undefined) {
    read.update = expression('UpdateExpression', UpdateExpression, (text) =>
      bindUpdate(parsedUpdate(text), bindings),
    );
  }
  const condition = (name: ExpressionName, given: string) =>
    expression(name, given, (text) => bindCondition(parsedCondition(text), bindings));
  if (ConditionExpression !== undefined) {
    read.condition = condition('ConditionExpression', ConditionExpression);
  }
  if (KeyConditionExpression !== undefined) {
    read.keyCondition = condition('KeyConditionExpression', KeyConditionExpression);
  }
  if (FilterExpression !== undefined) read.filter = condition('FilterExpression', FilterExpression);
  if (ProjectionExpression !== undefined) {
    read.projection = expression('ProjectionExpression', ProjectionExpression, (text) =>
      bindProjection(parsedProjection(text), bindings),
    );
  }
  bindings.settle();
  return read;
}

function expression<T>(name: ExpressionName, text: string, read: (text: string) => T): T {
  return rewording(
    () => {
      if (text === '') throw invalid('The expression can not be empty;');
      if (text.length * 3 > MAX_EXPRESSION_BYTES && Buffer.byteLength(text) > MAX_EXPRESSION_BYTES) {
        throw invalid('Expression size has exceeded the maximum allowed size;');
      }
      return read(text);
    },
    (message) => `Invalid ${name}: ${message}`,
  );
}

const NO_NAMES: Record<string, string> = {};
const NO_VALUES: Item = {};

function checkNames(names: Record<string, string> | undefined): Record<string, string> {
  if (!names) return NO_NAMES;
  const keys = Object.keys(names);
  if (keys.length === 0) throw invalid('ExpressionAttributeNames must not be empty');
  for (const key of keys) {
    if (!/^#[0-9a-zA-Z_]+$/.test(key)) {
      throw invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${key}"`);
    }
  }
  return names;
}

function checkValues(values: Record<string, Value> | undefined): Item {
  if (!values) return NO_VALUES;
  const keys = Object.keys(values);
  if (keys.length === 0) throw invalid('ExpressionAttributeValues must not be empty');
  for (const key of keys) {
    if (!/^:[0-9a-zA-Z_]+$/.test(key)) {
      throw invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${key}"`);
    }
  }
  const checked: Item = {};
  for (const key of keys) {
    checked[key] = rewording(
      () => checkValue(values[key]!),
      (message) => `ExpressionAttributeValues contains invalid value: ${message} for key ${key}`,
    );
  }
  return checked;
}
