import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { authenticate, type Identity } from '../../src/identity';
import type { Knock } from '../../src/identity/authenticate';
import { type Principal, systemClock } from '../../src/kernel';
import { Sha256 } from './sha256';

// What the SDK's own signer signs is taken; with any one character of it changed, it is not.

const CALLER: Principal = { type: 'user', account: '1', arn: 'arn:aws:iam::1:user/u', userId: 'AIDA' };
const KEY = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
  sessionToken: 'token/+=',
};
const keys: Pick<Identity, 'find'> = {
  find: (id) => (id === KEY.accessKeyId ? { ...KEY, principal: CALLER } : undefined),
};

type Service = 's3' | 'dynamodb';

interface Parts {
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  body: string;
}

const HOSTS = ['shelf.s3.amazonaws.com', 'localhost:4566', '127.0.0.1:4566'];

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

async function signed(service: Service, host: string, parts: Parts): Promise<Knock> {
  const signer = new SignatureV4({
    service,
    region: 'eu-west-1',
    credentials: KEY,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
  });
  const { headers } = await signer.sign({
    ...parts,
    headers: { host, ...parts.headers },
    protocol: 'https:',
    hostname: host,
  });
  const pairs = Object.entries(parts.query).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((value) => `${encode(name)}=${encode(value)}`),
  );
  return {
    family: service === 's3' ? 's3' : 'json',
    services: [service],
    method: parts.method,
    url: parts.path + (pairs.length > 0 ? `?${pairs.join('&')}` : ''),
    headers: Object.entries(headers),
    resource: parts.path,
    body: Buffer.from(parts.body),
  };
}

const enter = (knock: Knock) => {
  try {
    return authenticate({ ...knock, headers: [...knock.headers] }, keys, systemClock)?.principal;
  } catch {
    return undefined;
  }
};

// Keys with slashes, spaces, plus signs, dots, nothing, and whatever else Unicode has.
const segment = fc.oneof(
  fc.constantFrom('', '.', '..', '+', ' ', '%', '/', '~', 'a b', 'a+b', '%2F', 'ä', '😀', "!'()*", ':@&=$,;'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
);

const parts = fc.record<Parts>({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD'),
  path: fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .map((segments) => `/${segments.map((text) => (/^\.*$/.test(text) ? text : encode(text))).join('/')}`),
  query: fc.dictionary(
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 4 })
      .filter((name) => !/^(X-Amz-|Signature$|AWSAccessKeyId$)/.test(name)),
    fc.oneof(
      fc.constantFrom('', 'a+b', 'a b', '%', '=&'),
      fc.array(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    ),
    { maxKeys: 3, noNullPrototype: true },
  ),
  headers: fc.dictionary(
    fc.constantFrom('x-amz-meta-a', 'x-amz-meta-b', 'x-amz-target', 'content-type'),
    fc.stringMatching(/^[ -~]{1,12}$/),
    { noNullPrototype: true },
  ),
  body: fc.string({ unit: 'grapheme', minLength: 1 }),
});

/** The text with one character changed to another, of the same kind: it is still a request. */
function changed(text: string, at: number): string {
  const i = at % text.length;
  const other = text[i] === 'x' ? 'y' : 'x';
  return text.slice(0, i) + other + text.slice(i + 1);
}

/** Headers that say how the request is signed, or that nobody signs. */
const replaced = (knock: Knock, name: string, change: (value: string) => string): Knock => ({
  ...knock,
  headers: knock.headers.map(([other, value]) => [other, other === name ? change(value) : value] as const),
});

describe.each<Service>(['s3', 'dynamodb'])('for %s', (service) => {
  test('what the SDK signs is taken', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...HOSTS), parts, async (host, request) => {
        expect(enter(await signed(service, host, request))).toEqual(CALLER);
      }),
      { numRuns: 300 },
    );
  });

  test('with one character changed anywhere it is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...HOSTS), parts, fc.nat(), async (host, request, at) => {
        const knock = await signed(service, host, request);
        const path = knock.url.split('?')[0] ?? '';
        expect(enter({ ...knock, method: changed(knock.method, at) })).toBeUndefined();
        // The slash at the beginning stays, and what was an encoded character may become a malformed one.
        expect(enter({ ...knock, url: `${path}x${knock.url.slice(path.length)}` })).toBeUndefined();
        for (const [name, value] of knock.headers) {
          const other = replaced(knock, name, () => changed(value, at));
          // An undone space between the parts of the header is no change of what they say.
          if (name === 'authorization' && !/[\w/;=-]/.test(value[at % value.length] ?? '')) continue;
          if (value.trim() === '' || value[at % value.length] === ' ') continue;
          expect([name, enter(other)]).toEqual([name, undefined]);
          const without = { ...knock, headers: knock.headers.filter(([one]) => one !== name) };
          expect([name, enter(without)]).toEqual([name, undefined]);
          const twice = { ...knock, headers: [...knock.headers, [name, value] as const] };
          expect([name, enter(twice)]).toEqual([name, undefined]);
        }
        // S3 holds the body against its digest as it comes.
        if (service === 's3') return;
        const body = Buffer.from(knock.body ?? '');
        const i = at % body.length;
        body[i] = (body[i] ?? 0) ^ 1;
        expect(enter({ ...knock, body })).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});

test('spaces around and within a header’s value count as one', async () => {
  const request: Parts = {
    method: 'GET',
    path: '/',
    query: {},
    headers: { 'x-amz-meta-a': 'b c' },
    body: 'x',
  };
  const knock = await signed('s3', 'localhost', request);
  expect(enter(replaced(knock, 'x-amz-meta-a', () => '  b    c '))).toEqual(CALLER);
  expect(enter(replaced(knock, 'x-amz-meta-a', () => 'bc'))).toBeUndefined();
});

test('S3 signs a path encoded once and as it is, others twice and tidied', async () => {
  const at = (path: string): Parts => ({ method: 'GET', path, query: {}, headers: {}, body: 'x' });
  const s3 = await signed('s3', 'localhost', at('/b/a//c'));
  expect(enter({ ...s3, url: '/b/a/c' })).toBeUndefined();
  // However the client writes what is meant.
  const key = await signed('s3', 'localhost', at('/b/a%20%2Bc'));
  expect(enter({ ...key, url: '/b/a%20+c' })).toEqual(CALLER);
  expect(enter({ ...key, url: '/b/a+%2Bc' })).toBeUndefined();
  const other = await signed('dynamodb', 'localhost', at('/b/a%20c'));
  expect(enter(other)).toEqual(CALLER);
  expect(enter({ ...other, url: '/b//./x/../a%20c' })).toEqual(CALLER);
  expect(enter({ ...other, url: '/b/a+c' })).toBeUndefined();
});

test('a token is the key’s own, and no other key has one', async () => {
  const request: Parts = { method: 'GET', path: '/', query: {}, headers: {}, body: 'x' };
  const knock = await signed('dynamodb', 'localhost', request);
  const longTerm = { principal: CALLER, secretAccessKey: KEY.secretAccessKey };
  expect(() => authenticate(knock, { find: () => longTerm }, systemClock)).toThrow(
    'The security token included in the request is invalid.',
  );
});
