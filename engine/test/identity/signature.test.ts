import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { sha256 } from '../../src/identity/signature/canonical';
import { claimOfHeader, claimOfQuery } from '../../src/identity/signature/claim';
import { millisOf, verify } from '../../src/identity/signature/verify';
import { Sha256 } from './sha256';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

interface Parts {
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  body: string;
}

const signer = (service: string) =>
  new SignatureV4({
    service,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET },
    sha256: Sha256,
    uriEscapePath: service !== 's3',
  });

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signs with the SDK and sends "over the wire". */
async function signed(service: string, parts: Parts) {
  const request = await signer(service).sign({
    ...parts,
    headers: { host: 'example.amazonaws.com', ...parts.headers },
    protocol: 'https:',
    hostname: 'example.amazonaws.com',
  });
  const pairs = Object.entries(parts.query).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((value) => `${encode(name)}=${encode(value)}`),
  );
  const url = parts.path + (pairs.length > 0 ? `?${pairs.join('&')}` : '');
  const headers = Object.entries(request.headers);
  const given = (name: string) => request.headers[name] ?? '';
  const claim = claimOfHeader(given('authorization'), given('x-amz-date'));
  return { wire: { method: parts.method, url, headers }, claim, hash: sha256(parts.body) };
}

const segment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((text) => !/^\.+$/.test(text));
const anything: fc.Arbitrary<Parts> = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
  path: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.map(encode).join('/')}`),
  query: fc.dictionary(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((name) => name !== 'X-Amz-Signature'),
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.array(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 3 }),
    ),
    { maxKeys: 4, noNullPrototype: true },
  ),
  headers: fc.dictionary(
    fc.constantFrom('x-amz-meta-a', 'x-amz-target', 'content-type'),
    fc.stringMatching(/^[ -~]{0,12}$/),
    { noNullPrototype: true },
  ),
  body: fc.string(),
});

test.each(['dynamodb', 's3'])('takes what the SDK signs for %s, whatever it is', async (service) => {
  await fc.assert(
    fc.asyncProperty(anything, async (parts) => {
      const { wire, claim, hash } = await signed(service, parts);
      expect(verify(wire, claim, SECRET, hash)).toBeUndefined();
      expect(verify(wire, claim, `${SECRET}x`, hash)).toBeDefined();
      expect(verify(wire, claim, SECRET, sha256(`${parts.body}x`))).toBeDefined();
      expect(verify({ ...wire, method: 'PATCH' }, claim, SECRET, hash)).toBeDefined();
      expect(
        verify({ ...wire, url: `${wire.url}${wire.url.includes('?') ? '&' : '?'}x` }, claim, SECRET, hash),
      ).toBeDefined();
    }),
    { numRuns: 300 },
  );
});

describe('a signed header', () => {
  const parts: Parts = { method: 'GET', path: '/', query: {}, headers: { 'x-amz-meta-a': 'b  c' }, body: '' };

  test('may not change', async () => {
    const { wire, claim, hash } = await signed('s3', parts);
    const changed = wire.headers.map(
      ([name, value]) => [name, name === 'x-amz-meta-a' ? 'd' : value] as const,
    );
    expect(verify({ ...wire, headers: changed }, claim, SECRET, hash)?.canonicalRequest).toContain(
      'x-amz-meta-a:d\n',
    );
  });

  test('may not come twice', async () => {
    const { wire, claim, hash } = await signed('s3', parts);
    const headers = [...wire.headers, ['X-Amz-Meta-A', 'd'] as const];
    expect(verify({ ...wire, headers }, claim, SECRET, hash)?.canonicalRequest).toContain(
      'x-amz-meta-a:b c,d\n',
    );
  });
});

test('takes presigned URLs of the SDK', async () => {
  const request = await signer('s3').presign(
    {
      method: 'GET',
      path: '/bucket/a%20b',
      query: { versionId: 'x' },
      headers: { host: 'example.amazonaws.com' },
      protocol: 'https:',
      hostname: 'example.amazonaws.com',
    },
    { expiresIn: 60 },
  );
  const query = new URLSearchParams(Object.entries(request.query ?? {}).map(([k, v]) => [k, String(v)]));
  const claim = claimOfQuery(query);
  const wire = {
    method: 'GET',
    url: `/bucket/a%20b?${[...query].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')}`,
    headers: Object.entries(request.headers),
  };
  expect(claim).toMatchObject({ accessKeyId: 'AKIDEXAMPLE', service: 's3', presigned: true });
  // A presigned URL of the SDK's own signer covers an empty body; S3's presigner says UNSIGNED-PAYLOAD.
  expect(verify(wire, claim, SECRET, sha256(''))).toBeUndefined();
  expect(
    verify({ ...wire, url: wire.url.replace('a%20b', 'a%20c') }, claim, SECRET, sha256('')),
  ).toBeDefined();
});

test('says what an authorization lacks', () => {
  const scope = 'AKID/20301201/eu-west-1/s3/aws4_request';
  const header = (...parts: string[]) => `AWS4-HMAC-SHA256 ${parts.join(', ')}`;
  expect(() => claimOfHeader(header(`Credential=${scope}`), undefined)).toThrow(
    "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. " +
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
  );
  expect(() => claimOfHeader(header('Credential=AKID/x', 'SignedHeaders=host', 'Signature=0'), 'x')).toThrow(
    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKID/x'",
  );
});

test('reads times', () => {
  expect(millisOf('20301201T100000Z')).toBe(Date.UTC(2030, 11, 1, 10));
  expect(millisOf('2030-12-01T10:00:00Z')).toBeUndefined();
});
