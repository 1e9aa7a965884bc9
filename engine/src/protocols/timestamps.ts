import { Malformed } from './malformed';
import type { Shape } from './model';

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** The format the shape asks for, else the one usual in this place. */
export function timestampFormat(shape: Shape, usual: TimestampFormat): TimestampFormat {
  return shape.type === 'timestamp' ? usual : (shape.type.slice('timestamp:'.length) as TimestampFormat);
}

/**
 * What is written behind the seconds of a date-time: three zeros (S3 and EC2, which know whole seconds), nothing
 * (IAM and STS likewise), or the milliseconds where there are any.
 */
export type Fraction = 'zeros' | 'none' | 'some';

const FRACTIONS: Record<string, Fraction> = { s3: 'zeros', ec2: 'zeros', iam: 'none', sts: 'none' };

export function fractionOf(service: string): Fraction {
  return FRACTIONS[service] ?? 'some';
}

export function formatTimestamp(date: Date, format: TimestampFormat, fraction: Fraction): string {
  switch (format) {
    case 'http-date':
      return date.toUTCString();
    case 'epoch-seconds':
      return String(date.getTime() / 1000);
    default: {
      const text = date.toISOString();
      if (fraction === 'some') return text.replace('.000Z', 'Z');
      return text.replace(/\.\d+Z$/, fraction === 'zeros' ? '.000Z' : 'Z');
    }
  }
}

const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;
const HTTP = /^[A-Za-z]{3,9}, \d{2}[ -][A-Za-z]{3}[ -]\d{2,4} \d{2}:\d{2}:\d{2}(?:\.\d+)? GMT$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Reads any of AWS's three formats: its services take each where the model names one. */
export function parseTimestamp(text: string): Date {
  const trimmed = text.trim();
  let date: Date | undefined;
  if (/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(trimmed))
    date = new Date(Math.round(Number(trimmed) * 1000));
  else if (ISO.test(trimmed)) {
    const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(trimmed) || !trimmed.includes(':');
    date = new Date(zoned ? trimmed : `${trimmed}Z`);
  } else if (HTTP.test(trimmed)) date = new Date(trimmed);
  else {
    const compact = COMPACT.exec(trimmed);
    if (compact) {
      const [, year, month, day, hour, minute, second] = compact;
      date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    }
  }
  if (!date || Number.isNaN(date.getTime())) throw new Malformed(`Invalid timestamp: ${text}`);
  return date;
}

export function epochDate(seconds: number): Date {
  const date = new Date(Math.round(seconds * 1000));
  if (Number.isNaN(date.getTime())) throw new Malformed('Invalid timestamp');
  return date;
}
