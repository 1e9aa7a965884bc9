/** What several decoders do alike. Texts are bytes, a character each. */

export const byte = (code: number): string => String.fromCharCode(code & 0xff);

/**
 * One byte for a code of two: full-width ASCII (FF01-FF5E) becomes the letter that it looks like, of all others the
 * higher byte is lost.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html
 */
export const narrowed = (code: number): string =>
  byte(code >= 0xff01 && code <= 0xff5e ? (code & 0xff) + 0x20 : code);
