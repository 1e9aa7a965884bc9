import { createHash } from 'node:crypto';
import type { TextTransformationType } from '@aws-sdk/client-wafv2';
import fc from 'fast-check';
import { bytesOf } from '../../src/edge/waf/linear-pattern';
import { transformation } from '../../src/edge/waf/transformations';

const apply = (Type: TextTransformationType, text: string) => transformation([{ Priority: 0, Type }])(text);

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html */
const CASES: [TextTransformationType, string, string][] = [
  ['NONE', 'aB%20', 'aB%20'],
  ['BASE64_DECODE', 'PHNjcmlwdD4=', '<script>'],
  ['BASE64_DECODE', 'PHNj%cmlwdD4=', '<sc'],
  ['BASE64_DECODE_EXT', 'PHNj%c.mlw\ndD4=', '<script>'],
  ['CMD_LINE', 'C^md  /c "DIR",;x', 'cmd/c dir x'],
  ['COMPRESS_WHITE_SPACE', 'a\t \r\n\f\v\xa0b  c', 'a b c'],
  ['CSS_DECODE', 'ja\\vascript', 'javascript'],
  ['CSS_DECODE', '\\6a avascript\\ff21x', 'javascriptAx'],
  ['ESCAPE_SEQ_DECODE', '\\x41\\102\\n\\?\\q', 'AB\n?\\q'],
  ['HEX_DECODE', '3c7363zz', '<sc'],
  ['HTML_ENTITY_DECODE', '&lt;b&gt;&quot;&#x41;&#66;&nbsp;&other;', '<b>"AB\xa0&other;'],
  ['JS_DECODE', '\\u0041\\uff22\\x43\\104\\q', 'ABCDq'],
  ['LOWERCASE', 'ABC\xc4', 'abc\xc4'],
  ['UPPERCASE', 'abc\xe4', 'ABC\xe4'],
  ['NORMALIZE_PATH', '/a//b/./c/../d', '/a/b/d'],
  ['NORMALIZE_PATH', '../a/b/..', '../a/'],
  ['NORMALIZE_PATH', '/../../etc/passwd', '/etc/passwd'],
  ['NORMALIZE_PATH_WIN', 'a\\.\\b\\\\c', 'a/b/c'],
  ['REMOVE_NULLS', 'a\0b', 'ab'],
  ['REPLACE_NULLS', 'a\0b', 'a b'],
  ['REMOVE_WHITESPACE', ' a\t b ', 'ab'],
  ['REPLACE_COMMENTS', 'a/*x*//**/b*/c/*d', 'a  b*/c '],
  ['SQL_HEX_DECODE', 'select 0x414243', 'select ABC'],
  ['TRIM', ' a b\n', 'a b'],
  ['TRIM_LEFT', ' a ', 'a '],
  ['TRIM_RIGHT', ' a ', ' a'],
  ['URL_DECODE', '%3Cb%3e+%zz%4', '<b> %zz%4'],
  ['URL_DECODE_UNI', '%u0041%uff22%43+', 'ABC '],
  ['UTF8_TO_UNICODE', `${bytesOf('aé€😀')}\xff`, 'a%u00e9%u20ac%u1f600\xff'],
];

test.each(CASES)('%s of %j is %j', (type, given, wanted) => {
  expect(apply(type, given)).toBe(wanted);
});

test('digests are bytes, not digits', () => {
  expect(apply('MD5', 'a\xe4')).toBe(createHash('md5').update('a\xe4', 'latin1').digest().toString('latin1'));
  expect(apply('SHA256', 'a')).toBe(createHash('sha256').update('a').digest().toString('latin1'));
});

test('they go by their priorities', () => {
  const steps = transformation([
    { Priority: 5, Type: 'LOWERCASE' },
    { Priority: 1, Type: 'URL_DECODE' },
    { Priority: 3, Type: 'BASE64_DECODE' },
  ]);
  expect(steps('QUJD%3D%3D')).toBe('abc');
});

const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

describe('of any bytes', () => {
  const decodes = (type: TextTransformationType, encode: (bytes: string) => string) =>
    fc.assert(fc.property(anyBytes, (bytes) => apply(type, encode(bytes)) === bytes));
  const each = (bytes: string, write: (code: string) => string) =>
    [...bytes].map((char) => write(char.charCodeAt(0).toString(16).padStart(2, '0'))).join('');

  test('what was encoded is decoded', () => {
    decodes('URL_DECODE', (bytes) => each(bytes, (code) => `%${code}`));
    decodes('URL_DECODE_UNI', (bytes) => each(bytes, (code) => `%u00${code}`));
    decodes('HEX_DECODE', (bytes) => Buffer.from(bytes, 'latin1').toString('hex'));
    decodes('BASE64_DECODE', (bytes) => Buffer.from(bytes, 'latin1').toString('base64'));
    decodes('BASE64_DECODE_EXT', (bytes) => `!${Buffer.from(bytes, 'latin1').toString('base64')}`);
    decodes('HTML_ENTITY_DECODE', (bytes) => each(bytes, (code) => `&#x${code};`));
    decodes('JS_DECODE', (bytes) => each(bytes, (code) => `\\x${code}`));
    decodes('ESCAPE_SEQ_DECODE', (bytes) => each(bytes, (code) => `\\x${code}`));
    decodes('CSS_DECODE', (bytes) => each(bytes, (code) => `\\${code} `));
  });

  test.each([
    'COMPRESS_WHITE_SPACE',
    'LOWERCASE',
    'UPPERCASE',
    'NORMALIZE_PATH',
    'NORMALIZE_PATH_WIN',
    'REMOVE_NULLS',
    'REMOVE_WHITESPACE',
    'REPLACE_COMMENTS',
    'REPLACE_NULLS',
    'TRIM',
  ] as const)('%s twice is once', (type) => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const once = apply(type, bytes);
        expect(apply(type, once)).toBe(once);
      }),
    );
  });

  test('what normal paths name is not above the root', () => {
    const parts = fc.array(fc.constantFrom('a', 'b', '.', '..', '', 'c..'), { maxLength: 12 });
    fc.assert(
      fc.property(parts, (names) => {
        const path = apply('NORMALIZE_PATH', `/${names.join('/')}`);
        expect(path).toMatch(/^\//);
        expect(path).not.toContain('//');
        expect(path.split('/')).not.toContain('..');
        expect(path.split('/')).not.toContain('.');
      }),
    );
  });

  test('each stays among bytes', () => {
    for (const [type] of CASES) {
      fc.assert(fc.property(anyBytes, (bytes) => /^[\0-\xff]*$/.test(apply(type, bytes))));
    }
  });
});
