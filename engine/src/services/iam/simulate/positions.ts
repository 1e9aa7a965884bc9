export interface Position {
  Line: number;
  Column: number;
}

export interface Span {
  start: Position;
  end: Position;
}

/**
 * Where a policy's statements stand in its text, in their order. As IAM counts: a statement begins where the bracket, or
 * the statement before it, has ended.
 */
export function statementSpans(text: string): Span[] {
  const spans: Span[] = [];
  const place = counter(text);
  let depth = 0;
  let key = '';
  let list: boolean | undefined;
  let start: Position | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      if (depth === 1) key = text.slice(at + 1, end);
      at = end;
    } else if (char === '{' || char === '[') {
      depth++;
      if (depth === 2 && key === 'Statement') {
        list = char === '[';
        start = place(at);
      }
    } else if (char === '}' || char === ']') {
      if (start && char === '}' && depth === (list ? 3 : 2)) {
        const end = place(at);
        spans.push({ start, end });
        start = end;
      }
      depth--;
      if (depth === 1) start = undefined;
    }
  }
  return spans;
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** Places are asked for in order, so that each character is counted once. */
function counter(text: string): (at: number) => Position {
  let line = 1;
  let lineStart = 0;
  let seen = 0;
  return (at) => {
    for (; seen < at; seen++) {
      if (text[seen] !== '\n') continue;
      line++;
      lineStart = seen + 1;
    }
    return { Line: line, Column: at - lineStart + 2 };
  };
}
