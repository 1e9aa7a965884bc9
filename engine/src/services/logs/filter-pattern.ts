import { notImplemented } from '../../kernel';
import { parseJsonPattern } from './json-pattern';
import { invalidParameter } from './store';

export type Matcher = (message: string) => boolean;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
export function parseFilterPattern(pattern: string): Matcher {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{')) return parseJsonPattern(text);
  if (text.startsWith('[')) throw notImplemented('CloudWatch Logs space-delimited filter patterns');
  return parseTerms(text);
}

interface Term {
  kind: 'required' | 'optional' | 'excluded';
  test: Matcher;
}

function parseTerms(text: string): Matcher {
  const terms: Term[] = [];
  const pattern = /([?-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|([^\s"%]+))(?=\s|$)|(\S)/g;
  for (const match of text.matchAll(pattern)) {
    const [, sign, quoted, regex, word, stray] = match;
    if (stray !== undefined) throw invalidParameter('Invalid filter pattern');
    // Unquoted terms are of letters, digits and underscores.
    if (word !== undefined && !/^[\w]+$/u.test(word)) throw invalidParameter('Invalid filter pattern');
    const kind = sign === '?' ? 'optional' : sign === '-' ? 'excluded' : 'required';
    const wanted = quoted !== undefined ? quoted.replace(/\\(.)/g, '$1') : word;
    terms.push({
      kind,
      test: wanted === undefined ? regexTest(regex!) : (message) => message.includes(wanted),
    });
  }
  const of = (kind: Term['kind']) => terms.filter((term) => term.kind === kind);
  const [required, optional, excluded] = [of('required'), of('optional'), of('excluded')];
  return (message) =>
    required.every((term) => term.test(message)) &&
    !excluded.some((term) => term.test(message)) &&
    // Beside other terms the optional ones do not count.
    (optional.length === 0 ||
      required.length + excluded.length > 0 ||
      optional.some((term) => term.test(message)));
}

function regexTest(source: string): Matcher {
  try {
    const regex = new RegExp(source);
    return (message) => regex.test(message);
  } catch {
    throw invalidParameter('Invalid filter pattern');
  }
}
