import { byte, narrowed } from './codes';

const ANSI: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  "'": "'",
  '"': '"',
};

/** The escapes of ANSI C. What is none stays. */
export const escapeSeqDecode = (text: string): string =>
  text.replace(
    /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([abfnrtv\\?'"]))/g,
    (_all, hex?: string, octal?: string, letter?: string) => {
      if (hex !== undefined) return byte(Number.parseInt(hex, 16));
      if (octal !== undefined) return byte(Number.parseInt(octal, 8));
      return ANSI[letter ?? ''] ?? '';
    },
  );

/** A backslash and up to six hexadecimal digits, of which the last two count; else the backslash alone goes. */
export const cssDecode = (text: string): string =>
  text.replace(/\\(?:([0-9a-fA-F]{1,6})[ \t\n\r\f\v]?|\n|([\s\S]))/g, (_all, hex?: string, char?: string) => {
    if (hex === undefined) return char ?? '';
    return hex.length >= 4 ? narrowed(Number.parseInt(hex.slice(-4), 16)) : byte(Number.parseInt(hex, 16));
  });

/** JavaScript's escapes. */
export const jsDecode = (text: string): string =>
  text.replace(
    /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3][0-7]{0,2}|[4-7][0-7]?)|([\s\S]))/g,
    (_all, wide?: string, hex?: string, octal?: string, char?: string) => {
      if (wide !== undefined) return narrowed(Number.parseInt(wide, 16));
      if (hex !== undefined) return byte(Number.parseInt(hex, 16));
      if (octal !== undefined) return byte(Number.parseInt(octal, 8));
      // A backslash says nothing of a question mark or a quote but that it is one.
      return ANSI[char ?? ''] ?? char ?? '';
    },
  );

const NAMED: Readonly<Record<string, string>> = { quot: '"', nbsp: '\xa0', lt: '<', gt: '>' };

/** The entities that AWS lists, and characters by their number. */
export const htmlEntityDecode = (text: string): string =>
  text.replace(
    /&(?:#[xX]([0-9a-fA-F]{1,8});?|#(\d{1,10});?|(quot|nbsp|lt|gt);?)/gi,
    (_all, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return byte(Number.parseInt(hex, 16));
      if (decimal !== undefined) return byte(Number(decimal));
      return NAMED[(name ?? '').toLowerCase()] ?? '';
    },
  );
