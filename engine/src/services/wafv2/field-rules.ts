import type { FieldToMatch, TextTransformation } from '@aws-sdk/client-wafv2';
import { isKnownTransformation } from '../../edge/waf/transformations';
import { notImplemented } from '../../kernel';
import { duplicate, exactlyOne, invalid, limitExceeded } from './errors';

/** What is given of a union. */
export const given = (union: object | undefined): string[] =>
  Object.entries(union ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);

/** What API Gateway's requests do not tell. */
const MISSING_FIELDS = ['JA3Fingerprint', 'JA4Fingerprint', 'UriFragment'] as const;

interface Looking {
  FieldToMatch: FieldToMatch | undefined;
  TextTransformations: TextTransformation[] | undefined;
  PreParseTextTransformations?: unknown;
}

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_FieldToMatch.html */
export function checkLooking(looking: Looking): void {
  if (looking.PreParseTextTransformations) throw notImplemented('WAFV2 PreParseTextTransformations');
  const field = looking.FieldToMatch;
  for (const name of MISSING_FIELDS) if (field?.[name]) throw notImplemented(`WAFV2 FieldToMatch ${name}`);
  if (given(field).length !== 1) throw exactlyOne('FIELD_TO_MATCH', 'FieldToMatch');
  checkPattern('HEADER_MATCH_PATTERN', 'HeaderMatchPattern', field?.Headers, field?.Headers?.MatchPattern);
  checkPattern('COOKIE_MATCH_PATTERN', 'CookieMatchPattern', field?.Cookies, field?.Cookies?.MatchPattern);
  checkPattern('JSON_MATCH_PATTERN', 'JsonMatchPattern', field?.JsonBody, field?.JsonBody?.MatchPattern);
  for (const path of field?.JsonBody?.MatchPattern?.IncludedPaths ?? []) {
    if (!path.startsWith('/')) throw invalid(NOT_VALID, 'JSON_MATCH_PATTERN', path);
  }
  checkTransformations(looking.TextTransformations);
}

const NOT_VALID = 'The parameter contains formatting that is not valid.';

function checkPattern(
  field: 'HEADER_MATCH_PATTERN' | 'COOKIE_MATCH_PATTERN' | 'JSON_MATCH_PATTERN',
  name: string,
  component: object | undefined,
  pattern: object | undefined,
): void {
  if (component && given(pattern).length !== 1) throw exactlyOne(field, name);
}

const MOST_TRANSFORMATIONS = 10;

export function checkTransformations(transformations: readonly TextTransformation[] | undefined): void {
  const all = transformations ?? [];
  for (const { Type } of all) {
    if (Type && !isKnownTransformation(Type)) throw notImplemented(`WAFV2 text transformation ${Type}`);
  }
  if (all.length > MOST_TRANSFORMATIONS) throw limitExceeded();
  if (new Set(all.map(({ Priority }) => Priority)).size !== all.length) throw duplicate();
}
