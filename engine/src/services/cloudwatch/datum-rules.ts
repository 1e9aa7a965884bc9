import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { invalidCombination, invalidValue, missingParameter } from './errors';

const DAY = 24 * 3600_000;
const OLDEST = 14 * DAY;
const NEWEST = 2 * 3600_000;
const MAX_VALUES = 150;
const LARGEST = 2 ** 360;

/**
 * What may be put.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 * @param at `MetricData.member.1`
 */
export function checkDatum(datum: MetricDatum, at: string): void {
  const { StatisticValues, StorageResolution, Value, Values } = datum;
  checkDimensions(datum, at);
  const given = [
    [`${at}.Value`, Value],
    [`${at}.Values`, Values],
    [`${at}.StatisticValues`, StatisticValues],
  ].flatMap(([name, value]) => (value === undefined ? [] : [String(name)]));
  if (given.length === 0) throw missingParameter(`The parameter ${at}.Value is required.`);
  if (given.length > 1) {
    throw invalidCombination(
      `The parameters ${given[0]} and ${given[1]} are mutually exclusive and you have specified both.`,
    );
  }
  if (Value !== undefined) checkNumber(Value, `${at}.Value`);
  if (Values) checkValues(datum, at);
  for (const [name, value] of Object.entries(StatisticValues ?? {})) {
    checkNumber(value, `${at}.StatisticValues.${name}`);
  }
  if (StorageResolution !== undefined && StorageResolution !== 1 && StorageResolution !== 60) {
    throw invalidValue(`The value ${StorageResolution} for parameter ${at}.StorageResolution is invalid.`);
  }
}

export function checkTime({ Timestamp }: MetricDatum, at: string, now: number): void {
  const millis = Timestamp?.getTime() ?? now;
  if (millis < now - OLDEST || millis > now + NEWEST) {
    throw invalidValue(
      `The parameter ${at}.Timestamp must specify a time within the last two weeks and no more than two hours in the future.`,
    );
  }
}

function checkDimensions({ Dimensions }: MetricDatum, at: string): void {
  const names = new Set<string>();
  (Dimensions ?? []).forEach(({ Name = '', Value = '' }, index) => {
    const where = `${at}.Dimensions.member.${index + 1}`;
    if (Name.startsWith(':')) throw invalidValue(`The value ${Name} for parameter ${where}.Name is invalid.`);
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
    if (Value.trim() === '') throw missingParameter(`The parameter ${where}.Value is required.`);
    if (names.has(Name))
      throw invalidValue(`No parameter can have two dimensions of the same name: ${Name}.`);
    names.add(Name);
  });
}

function checkValues({ Counts, Values = [] }: MetricDatum, at: string): void {
  if (Values.length > MAX_VALUES) {
    throw invalidValue(`The collection ${at}.Values must not have a size greater than ${MAX_VALUES}.`);
  }
  if (Counts && Counts.length !== Values.length) {
    throw invalidValue(`The parameters ${at}.Values and ${at}.Counts must be of the same size.`);
  }
  Values.forEach((value, index) => {
    checkNumber(value, `${at}.Values.member.${index + 1}`);
  });
  Counts?.forEach((count, index) => {
    const where = `${at}.Counts.member.${index + 1}`;
    checkNumber(count, where);
    if (count < 0) throw invalidValue(`The value ${count} for parameter ${where} is invalid.`);
  });
}

function checkNumber(value: number | undefined, at: string): void {
  if (value !== undefined && Number.isFinite(value) && Math.abs(value) <= LARGEST) return;
  throw invalidValue(`The value ${value} for parameter ${at} is invalid.`);
}
