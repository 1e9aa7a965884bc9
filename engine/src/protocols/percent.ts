import { Malformed } from './malformed';

/** Percent-decoding as AWS does it: UTF-8, and a stray percent sign is an error. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Malformed("Couldn't parse the specified URI.", 'InvalidURI');
  }
}

/** The pairs of a query string or form, in order; `+` is a space in both. */
export function parsePairs(text: string): [string, string | undefined][] {
  const pairs: [string, string | undefined][] = [];
  if (text === '') return pairs;
  for (const part of text.split('&')) {
    if (part === '') continue;
    const plain = part.includes('+') ? part.replaceAll('+', ' ') : part;
    const equals = plain.indexOf('=');
    if (equals < 0) pairs.push([decodePercent(plain), undefined]);
    else pairs.push([decodePercent(plain.slice(0, equals)), decodePercent(plain.slice(equals + 1))]);
  }
  return pairs;
}
