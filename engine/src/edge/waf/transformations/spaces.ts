/** Letters that are not ASCII are bytes here, and stay as they are. */
export const lowercase = (text: string): string => text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase());
export const uppercase = (text: string): string => text.replace(/[a-z]+/g, (lower) => lower.toUpperCase());

/** Every run of white space, the non-breaking one too, is one space. */
export const compressWhiteSpace = (text: string): string => text.replace(/[ \f\t\n\r\v\xa0]+/g, ' ');

export const removeWhitespace = (text: string): string => text.replace(/[ \f\t\n\r\v\xa0]+/g, '');

const SPACES = new Set([...' \f\t\n\r\v']);

// Loops, not patterns: those try anew at each of many spaces that are not at the end.
export function trimLeft(text: string): string {
  let from = 0;
  while (SPACES.has(text.charAt(from))) from++;
  return text.slice(from);
}

export function trimRight(text: string): string {
  let to = text.length;
  while (to > 0 && SPACES.has(text.charAt(to - 1))) to--;
  return text.slice(0, to);
}

export const trim = (text: string): string => trimLeft(trimRight(text));

export const removeNulls = (text: string): string => text.replaceAll('\0', '');
export const replaceNulls = (text: string): string => text.replaceAll('\0', ' ');

/**
 * A comment of C, closed or not, is one space; the end of none stays.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html
 */
export function replaceComments(text: string): string {
  let out = '';
  let from = 0;
  for (let at = text.indexOf('/*'); at >= 0; at = text.indexOf('/*', from)) {
    out += `${text.slice(from, at)} `;
    const end = text.indexOf('*/', at + 2);
    if (end < 0) return out;
    from = end + 2;
  }
  return out + text.slice(from);
}

/** Against commands in odd spelling: quotes go, separators are spaces, and one is enough. */
export const cmdLine = (text: string): string =>
  lowercase(
    text
      .replace(/[\\"'^]/g, '')
      .replace(/[,;]/g, ' ')
      .replace(/[ \f\t\n\r\v]+/g, ' ')
      .replace(/ ([/(])/g, '$1'),
  );
