import { readJson } from './json';
import { type Hosted, isList, isMap, textOf, type Value } from './values';

/** Maps and lists are no texts: these functions give nothing for them. */
function given(value: Value): string {
  return isMap(value) || isList(value) ? '' : textOf(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\n': '\\n',
  '\t': '\\t',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
  '/': '\\/',
};

function escapeCharacter(char: string): string {
  const known = ESCAPES[char];
  if (known !== undefined) return known;
  const code = char.charCodeAt(0);
  if (code >= 32 && code <= 0x7f) return char;
  return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#util-template-reference */
const FUNCTIONS: Readonly<Record<string, (value: Value) => Value>> = {
  escapeJavaScript: (value) => given(value).split('').map(escapeCharacter).join(''),
  parseJson: (value) => readJson(given(value)),
  urlEncode: (value) => new URLSearchParams({ v: given(value) }).toString().slice(2),
  urlDecode: (value) => new URLSearchParams(`v=${given(value).replaceAll('&', '%26')}`).get('v') ?? '',
  base64Encode: (value) => Buffer.from(given(value)).toString('base64'),
  base64Decode: (value) => Buffer.from(given(value), 'base64').toString('utf8'),
};

/** `$util` */
export const UTIL: Hosted = {
  property: () => undefined,
  call: (name, [argument = null]) =>
    Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]?.(argument) : undefined,
  text: () => '',
};
