import { invalidRequest } from '../errors';

export type Token =
  | { kind: 'word'; text: string }
  | { kind: 'string'; text: string }
  | { kind: 'number'; value: number }
  | { kind: 'sign'; text: string };

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_][\w.:-]*)|(!=|<=|>=|[=<>!(){},:[\]]))/y;

/** A word is a keyword with its dots, an operator, or the name of an annotation. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw invalidFilter(`unexpected "${text.slice(at).trimStart().slice(0, 20)}"`);
    const [, string, number, word, sign = ''] = match;
    if (string !== undefined)
      tokens.push({ kind: 'string', text: string.slice(1, -1).replace(/\\(.)/g, '$1') });
    else if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) });
    // `name:` of the id function is a word and a sign.
    else if (word?.endsWith(':'))
      tokens.push({ kind: 'word', text: word.slice(0, -1) }, { kind: 'sign', text: ':' });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

export const invalidFilter = (why: string) => invalidRequest(`Invalid filter expression: ${why}`);
