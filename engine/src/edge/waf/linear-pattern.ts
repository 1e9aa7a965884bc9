import { RE2JS } from 're2js';

/** Tells whether it is found in a text of bytes. */
export interface LinearPattern {
  test(bytes: string): boolean;
}

/** A step of a pattern takes its time for each byte of a body: AWS refuses patterns that are too large, too. */
const MOST_INSTRUCTIONS = 1000;

/**
 * A pattern of AWS WAF's, as bytes. Like AWS's it knows neither backreferences nor lookarounds, and its time is linear:
 * whatever somebody writes, no request can make it stall the engine. Undefined where it cannot be had.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-regex-pattern-support.html
 */
export function linearPattern(source: string): LinearPattern | undefined {
  try {
    const pattern = RE2JS.compile(bytesOf(source));
    if (pattern.programSize() > MOST_INSTRUCTIONS) return undefined;
    return pattern;
  } catch {
    return undefined;
  }
}

/** UTF-8, a character a byte. */
export const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
