import { TemplateError } from './ast';

const POSIX: Readonly<Record<string, string>> = {
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  Punct: '!-\\/:-@\\[-`{-~',
  Space: '\\s',
  XDigit: '0-9a-fA-F',
};

/**
 * A regular expression of Java's as one of JavaScript's: flags at its beginning, quoted pieces and POSIX classes are
 * written otherwise there, the rest is the same.
 */
export function javaPattern(pattern: string, flags: string): RegExp {
  let set = flags;
  let source = pattern.replace(
    /^(\^\(\?:)?\(\?([ims]+)\)/,
    (_all, head: string | undefined, given: string) => {
      set += given;
      return head ?? '';
    },
  );
  source = source.replace(/\\Q([\s\S]*?)(?:\\E|$)/g, (_all, quoted: string) =>
    quoted.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'),
  );
  source = source.replace(/(\[[^\]]*)?\\p\{(\w+)\}/g, (all, inside: string | undefined, name: string) => {
    const set = POSIX[name];
    if (set === undefined) return all;
    return inside === undefined ? `[${set}]` : `${inside}${set}`;
  });
  try {
    return new RegExp(source, /\\p\{/.test(source) ? `${set}u` : set);
  } catch {
    throw new TemplateError(`not a regular expression: ${pattern}`);
  }
}

/** `\$` and `\\` are the characters; `$1` is a group in both languages. */
export function javaReplacement(text: string): string {
  return text.replace(
    /\\([\s\S])|\$0|\$(?![\d{])|\$\{(\w+)\}/g,
    (all, escaped: string | undefined, name?: string) => {
      if (name !== undefined) return `$<${name}>`;
      if (all === '$0') return '$&';
      const char = escaped ?? all;
      return char === '$' ? '$$' : char;
    },
  );
}
