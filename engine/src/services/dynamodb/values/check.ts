import { isAwsError } from '../../../kernel';
import { invalid, invalidParameter } from '../errors';
import { normalizeNumber } from './number';
import { type Item, TAGS, type Value } from './value';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html (nested attribute depth) */
const MAX_DEPTH = 32;

/** Checks a value as it came, and gives it in DynamoDB's normal form (numbers without idle zeros). */
export function checkValue(value: Value, depth = 0): Value {
  let seen = 0;
  let normal: Value | undefined;
  for (const tag of TAGS) {
    if (value[tag] === undefined) continue;
    seen++;
    normal = checkMember(value, depth);
    // The members before a second one are checked first, as AWS does; then the count is what is wrong.
    if (seen > 1) break;
  }
  if (!normal) {
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (seen > 1) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return normal;
}

function checkMember(value: Value, depth: number): Value {
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: normalizeNumber(value.N) };
  if (value.B !== undefined) return { B: value.B };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return checkNull(value.NULL);
  if (value.SS !== undefined) return { SS: checkStrings(value.SS) };
  if (value.NS !== undefined) return { NS: checkNumbers(value.NS) };
  if (value.BS !== undefined) return { BS: checkBinaries(value.BS) };
  if (depth >= MAX_DEPTH) {
    throw invalid(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  }
  if (value.L !== undefined) return { L: value.L.map((element) => checkValue(element, depth + 1)) };
  return { M: checkItem(value.M ?? {}, depth + 1) };
}

/** All attributes of an item or a map. */
export function checkItem(item: Item, depth = 0): Item {
  const checked: Item = {};
  for (const name in item) {
    // A plain assignment of "__proto__" would set the prototype instead.
    if (name === '__proto__') {
      const value = checkValue(item[name]!, depth);
      Object.defineProperty(checked, name, { value, enumerable: true, configurable: true, writable: true });
    } else checked[name] = checkValue(item[name]!, depth);
  }
  return checked;
}

function checkNull(value: boolean): Value {
  if (!value) throw invalidParameter('Null attribute value types must have the value of true');
  return { NULL: true };
}

function checkStrings(members: string[]): string[] {
  // The double space is AWS's.
  if (members.length === 0) throw invalidParameter('An string set  may not be empty');
  if (new Set(members).size < members.length) {
    throw invalidParameter(`Input collection [${members.join(', ')}] contains duplicates.`);
  }
  return members;
}

function checkNumbers(members: string[]): string[] {
  if (members.length === 0) throw invalidParameter('An number set  may not be empty');
  const normal = members.map(normalizeNumber);
  if (new Set(normal).size < normal.length) throw invalid('Input collection contains duplicates');
  return normal;
}

function checkBinaries(members: Uint8Array[]): Uint8Array[] {
  if (members.length === 0) throw invalidParameter('Binary sets should not be empty');
  const shown = members.map((member) => Buffer.from(member).toString('base64'));
  if (new Set(shown).size < shown.length) {
    throw invalidParameter(`Input collection [${shown.join(', ')}]of type BS contains duplicates.`);
  }
  return members;
}

/** Runs `check`, wording a refusal as `wrap` says. */
export function rewording<T>(check: () => T, wrap: (message: string) => string): T {
  try {
    return check();
  } catch (error) {
    if (isAwsError(error, 'ValidationException')) throw invalid(wrap(error.message));
    throw error;
  }
}
