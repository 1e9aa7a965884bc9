import type { TextTransformation, TextTransformationType } from '@aws-sdk/client-wafv2';
import * as encodings from './encodings';
import * as escapes from './escapes';
import * as spaces from './spaces';
import * as urls from './urls';

/** From bytes to bytes, a character each. */
export type Transform = (bytes: string) => string;

/**
 * What is missing is what AWS names but does not describe.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html
 */
const TRANSFORMS: Readonly<Partial<Record<TextTransformationType, Transform>>> = {
  NONE: (text) => text,
  BASE64_DECODE: encodings.base64Decode,
  BASE64_DECODE_EXT: encodings.base64DecodeExt,
  CMD_LINE: spaces.cmdLine,
  COMPRESS_WHITE_SPACE: spaces.compressWhiteSpace,
  CSS_DECODE: escapes.cssDecode,
  ESCAPE_SEQ_DECODE: escapes.escapeSeqDecode,
  HEX_DECODE: encodings.hexDecode,
  HTML_ENTITY_DECODE: escapes.htmlEntityDecode,
  JS_DECODE: escapes.jsDecode,
  LOWERCASE: spaces.lowercase,
  MD5: encodings.md5,
  NORMALIZE_PATH: urls.normalizePath,
  NORMALIZE_PATH_WIN: urls.normalizePathWin,
  REMOVE_NULLS: spaces.removeNulls,
  REMOVE_WHITESPACE: spaces.removeWhitespace,
  REPLACE_COMMENTS: spaces.replaceComments,
  REPLACE_NULLS: spaces.replaceNulls,
  SHA256: encodings.sha256,
  SQL_HEX_DECODE: encodings.sqlHexDecode,
  TRIM: spaces.trim,
  TRIM_LEFT: spaces.trimLeft,
  TRIM_RIGHT: spaces.trimRight,
  UPPERCASE: spaces.uppercase,
  URL_DECODE: urls.urlDecode,
  URL_DECODE_UNI: urls.urlDecodeUni,
  UTF8_TO_UNICODE: urls.utf8ToUnicode,
};

export const isKnownTransformation = (type: TextTransformationType): boolean =>
  TRANSFORMS[type] !== undefined;

/** All of a statement's transformations as one, from the lowest priority to the highest. */
export function transformation(given: readonly TextTransformation[] | undefined): Transform {
  const steps = [...(given ?? [])]
    .sort((a, b) => (a.Priority ?? 0) - (b.Priority ?? 0))
    .map(({ Type }) => TRANSFORMS[Type ?? 'NONE'])
    .filter((step) => step !== undefined);
  return (text) => steps.reduce((bytes, step) => step(bytes), text);
}
