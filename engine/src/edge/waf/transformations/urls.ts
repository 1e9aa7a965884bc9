import { byte, narrowed } from './codes';

/** A plus is a space; what is no valid code stays. */
export const urlDecode = (text: string): string =>
  text.replace(/\+|%([0-9a-fA-F]{2})/g, (_all, hex?: string) =>
    hex === undefined ? ' ' : byte(Number.parseInt(hex, 16)),
  );

/** With Microsoft's `%uXXXX` besides. */
export const urlDecodeUni = (text: string): string =>
  text.replace(/\+|%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})/gi, (_all, wide?: string, hex?: string) => {
    if (wide !== undefined) return narrowed(Number.parseInt(wide, 16));
    return hex === undefined ? ' ' : byte(Number.parseInt(hex, 16));
  });

/**
 * Without double slashes, references to the directory itself, and those to the one above except at the beginning.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html
 */
export function normalizePath(text: string): string {
  if (text === '') return text;
  const rooted = text.startsWith('/');
  const out: string[] = [];
  const parts = text.split('/');
  for (const part of parts) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
    // There is nothing above the root.
    else if (part !== '..' || !rooted) out.push(part);
  }
  const last = parts.at(-1);
  const open = out.length > 0 && (last === '' || last === '.' || last === '..') && out.at(-1) !== '..';
  return `${rooted ? '/' : ''}${out.join('/')}${open ? '/' : ''}`;
}

export const normalizePathWin = (text: string): string => normalizePath(text.replaceAll('\\', '/'));

/** Characters of more than one byte in UTF-8 as `%uXXXX`; what is no UTF-8 stays. */
export const utf8ToUnicode = (text: string): string =>
  text.replace(
    // Neither overlong forms, nor surrogates, nor what is beyond the last character.
    /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}/g,
    (bytes) => {
      const code = Buffer.from(bytes, 'latin1').toString('utf8').codePointAt(0) ?? 0;
      return `%u${code.toString(16).padStart(4, '0')}`;
    },
  );
