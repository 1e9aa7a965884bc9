import type { PositionalConstraint } from '@aws-sdk/client-wafv2';

type Test = (text: string) => boolean;

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-string-match.html */
const TESTS: Readonly<Record<PositionalConstraint, (search: string) => Test>> = {
  EXACTLY: (search) => (text) => text === search,
  STARTS_WITH: (search) => (text) => text.startsWith(search),
  ENDS_WITH: (search) => (text) => text.endsWith(search),
  CONTAINS: (search) => (text) => text.includes(search),
  CONTAINS_WORD: (search) => (text) => containsWord(text, search),
};

export const byteMatch = (position: PositionalConstraint, search: string): Test => TESTS[position](search);

const WORD = /\w/;

/** Somewhere with no letter, digit or underscore next to it. */
function containsWord(text: string, search: string): boolean {
  for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + 1)) {
    if (!WORD.test(text.charAt(at - 1)) && !WORD.test(text.charAt(at + search.length))) return true;
  }
  return false;
}
