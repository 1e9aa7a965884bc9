/** AWS's patterns are Java's; these few differences matter in the models. */

/** Escapes that JavaScript's `u` mode refuses, made plain: Java takes `\-` or `\_` anywhere. */
function plainEscapes(pattern: string): string {
  let out = '';
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === '\\') {
      const next = pattern[++i] ?? '\\';
      const keep = /[\^$\\.*+?()[\]{}|/dDwWsSbBpPnrtvfuxk0-9]/.test(next) || (inClass && next === '-');
      out += keep ? `\\${next}` : next;
    } else {
      if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      out += char;
    }
  }
  return out;
}

const POSIX: Record<string, string> = {
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  Punct: '!-\\/:-@\\[-`{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Space: '\\s',
  ASCII: '\\u0000-\\u007f',
};

function posix(pattern: string): string {
  return pattern.replace(/\\p\{(\w+)\}/g, (whole, name: string, at: number) => {
    const set = POSIX[name];
    if (set === undefined) return whole;
    // Inside a class the set joins it, outside it is one.
    const before = pattern.slice(0, at).replace(/\\./g, '');
    return before.lastIndexOf('[') > before.lastIndexOf(']') ? set : `[${set}]`;
  });
}

/** A test for the whole text; undefined where the pattern cannot be had in JavaScript. */
export function compilePattern(pattern: string): RegExp | undefined {
  const flags = /^\(\?([a-z]+)\)/.exec(pattern);
  const body = posix(flags ? pattern.slice(flags[0].length) : pattern);
  const given = (flags?.[1] ?? '').replace(/[^ims]/g, '');
  const attempts: [string, string][] = /\\p\{|\\x\{|\\u\{|\\uD800\\uDC00/i.test(body)
    ? [[plainEscapes(body).replace(/\\x\{/g, '\\u{'), 'u']]
    : [[body, '']];
  for (const [source, unicode] of attempts) {
    try {
      return new RegExp(`^(?:${source})$`, `${given}${unicode}`);
    } catch {
      // Left to the service: see the conformance test that counts these.
    }
  }
  return undefined;
}

/** As AWS prints it: without brackets around the whole. */
export function printPattern(pattern: string): string {
  if (!pattern.startsWith('(') || pattern.startsWith('(?') || !pattern.endsWith(')')) return pattern;
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === '(') depth++;
    else if (pattern[i] === ')' && --depth === 0 && i < pattern.length - 1) return pattern;
  }
  const inner = pattern.slice(1, -1);
  return inner.startsWith('(') ? inner : pattern;
}
