/** A piece of a pattern: text that stands for itself, `?`, `*` (across everything) or `*` within an ARN's segment. */
export type Piece = string | typeof ONE | typeof ANY | typeof SEGMENT;

export const ONE = Symbol('?');
export const ANY = Symbol('*');
/** A `*` in the middle of a segment: it stops at the next colon. */
export const SEGMENT = Symbol('* but :');

/** A pattern that is ready to be matched. */
export interface Pattern {
  matches(text: string): boolean;
}

/** What stands between wildcards is compared as it is. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let literal = '';
  for (const char of text) {
    if (char !== '*' && char !== '?') {
      literal += char;
      continue;
    }
    if (literal) pieces.push(literal);
    literal = '';
    if (char === '?') pieces.push(ONE);
    else if (pieces.at(-1) !== ANY) pieces.push(ANY);
  }
  if (literal) pieces.push(literal);
  return pieces;
}

/**
 * Compiles a pattern. Matching never takes more steps than the text is long times the pattern's pieces, however
 * the wildcards stand: there is no backtracking.
 */
export function compile(pieces: readonly Piece[]): Pattern {
  const joined = join(pieces);
  if (joined.length === 0) return { matches: (text) => text === '' };
  if (joined.every((piece) => typeof piece === 'string' || piece === ANY)) return new Plain(joined);
  return { matches: (text) => run(joined, text) };
}

export const compileText = (text: string): Pattern => compile(piecesOf(text));

function join(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') joined[joined.length - 1] = last + piece;
    else if (piece !== '' && !(piece === ANY && last === ANY)) joined.push(piece);
  }
  return joined;
}

/**
 * With nothing but text and `*` between, the leftmost place of each text is as good as any other. A class, and one for
 * all of these: a decision asks hundreds of them.
 */
class Plain implements Pattern {
  readonly #start: string;
  readonly #end: string;
  readonly #between: readonly string[];
  readonly #least: number;
  /** Without any `*`. */
  readonly #whole: boolean;

  constructor(pieces: readonly Piece[]) {
    const [first, last] = [pieces[0], pieces.at(-1)];
    this.#whole = pieces.length === 1 && typeof first === 'string';
    this.#start = typeof first === 'string' ? first : '';
    this.#end = typeof last === 'string' && !this.#whole ? last : '';
    this.#between = pieces
      .slice(this.#start ? 1 : 0, this.#end ? -1 : undefined)
      .filter((piece): piece is string => typeof piece === 'string');
    this.#least = this.#start.length + this.#end.length;
  }

  matches(text: string): boolean {
    if (text.length < this.#least || !text.startsWith(this.#start)) return false;
    if (this.#whole) return text.length === this.#least;
    const end = this.#end;
    if (end !== '' && !text.endsWith(end)) return false;
    const between = this.#between;
    let at = this.#start.length;
    for (let i = 0; i < between.length; i++) {
      const part = between[i] ?? '';
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - end.length;
  }
}

/** All places of the text at which the pattern's beginning may have ended, piece by piece. */
function run(pieces: readonly Piece[], text: string): boolean {
  let ends = new Set([0]);
  for (const piece of pieces) {
    ends = after(piece, text, ends);
    if (ends.size === 0) return false;
  }
  return ends.has(text.length);
}

function after(piece: Piece, text: string, starts: ReadonlySet<number>): Set<number> {
  const ends = new Set<number>();
  if (typeof piece === 'string') {
    for (const start of starts) if (text.startsWith(piece, start)) ends.add(start + piece.length);
  } else if (piece === ONE) {
    for (const start of starts) if (start < text.length) ends.add(start + 1);
  } else {
    // From the leftmost on: a star that began earlier covers what one that begins later does.
    let reached = -1;
    for (const start of [...starts].sort((a, b) => a - b)) {
      for (let end = Math.max(start, reached + 1); end <= text.length; end++) {
        ends.add(end);
        reached = end;
        if (piece === SEGMENT && text[end] === ':') break;
      }
    }
  }
  return ends;
}

/**
 * How a policy's `Resource` reads: a `*` at the end of a segment may reach beyond the colon, one within it may not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards
 */
export function arnPieces(pieces: readonly Piece[]): Piece[] {
  let colons = 0;
  return pieces.map((piece, i) => {
    if (typeof piece === 'string') {
      colons += piece.split(':').length - 1;
      return piece;
    }
    const next = pieces[i + 1];
    const endsSegment = next === undefined || (typeof next === 'string' && next.startsWith(':'));
    return piece === ANY && colons < 5 && !endsSegment ? SEGMENT : piece;
  });
}

/**
 * ArnLike and ArnEquals: each of the six segments is compared by itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function compileArn(pieces: readonly Piece[]): Pattern {
  const segments: Piece[][] = [[]];
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      segments.at(-1)?.push(piece);
      continue;
    }
    const parts = piece.split(':');
    parts.forEach((part, i) => {
      if (i > 0 && segments.length < 6) segments.push([part]);
      else segments.at(-1)?.push(i > 0 ? `:${part}` : part);
    });
  }
  const patterns = segments.map((segment) => compile(segment));
  if (patterns.length !== 6) return { matches: () => false };
  return {
    matches(text) {
      const six = segmentsOf(text);
      return six !== undefined && patterns.every((one, i) => one.matches(six[i] ?? ''));
    },
  };
}

/** One ARN is held against statement after statement. */
let latest: { text: string; segments: string[] | undefined } = { text: '', segments: undefined };

function segmentsOf(text: string): string[] | undefined {
  if (latest.text !== text) {
    const parts = text.split(':');
    const segments = parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
    latest = { text, segments };
  }
  return latest.segments;
}
