import type { Context } from './context';
import { ANY, ONE, type Piece, piecesOf } from './pattern';

const VARIABLE = /\$\{([^}]*)\}/g;
const WITH_DEFAULT = /^\s*([^,]+?)\s*,\s*'(.*)'\s*$/s;

export const hasVariables = (text: string): boolean => text.includes('${');

/** The keys whose values a text's variables stand for. */
export function variablesOf(text: string): string[] {
  if (!hasVariables(text)) return [];
  return [...text.matchAll(VARIABLE)]
    .map(([, inside = '']) => (WITH_DEFAULT.exec(inside)?.[1] ?? inside).trim())
    .filter((name) => !/^[*?$]$/.test(name));
}

/**
 * Puts a request's values where the policy has variables. A value's own `*` and `?` stand for themselves, and so do
 * `${*}`, `${?}` and `${$}`. Undefined where a variable has neither value nor default: nothing matches that.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function substitute(text: string, context: Context): Piece[] | undefined {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(VARIABLE)) {
    pieces.push(...piecesOf(text.slice(at, match.index)));
    const value = valueFor(match[1] ?? '', context);
    if (value === undefined) return undefined;
    pieces.push(value);
    at = match.index + match[0].length;
  }
  pieces.push(...piecesOf(text.slice(at)));
  return pieces;
}

/** The same for operators that know no wildcards. */
export function substituteText(text: string, context: Context): string | undefined {
  if (!hasVariables(text)) return text;
  const pieces = substitute(text, context);
  return pieces
    ?.map((piece) => (typeof piece === 'string' ? piece : piece === ANY ? '*' : piece === ONE ? '?' : ''))
    .join('');
}

function valueFor(inside: string, context: Context): string | undefined {
  if (inside === '*' || inside === '?' || inside === '$') return inside;
  const withDefault = WITH_DEFAULT.exec(inside);
  const values = context.get((withDefault?.[1] ?? inside).trim());
  // A key of several values has no one that could stand here.
  return values?.length === 1 ? values[0] : withDefault?.[2];
}
