import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { certificateOf } from '../../src/execute-api/truststores/certificates';
import { Truststore } from '../../src/execute-api/truststores/truststore';
import { Issuer, rsa } from './certificates';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
const pemOf = (der: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;

test('a client’s certificate that was altered anywhere is not let in', async () => {
  const root = await Issuer.root('CN=Root');
  const { cert } = await root.client('CN=device', { pathLength: 3 });
  const truststore = Truststore.parse(root.identity.cert);
  const now = Date.now();
  expect(truststore.refusal(certificateOf(cert), now)).toBeUndefined();
  const der = new X509Certificate(cert).raw;
  const refused = (altered: Buffer) => {
    try {
      return truststore.refusal(certificateOf(altered), now) !== undefined;
    } catch {
      // It is no certificate any more.
      return true;
    }
  };
  fc.assert(
    fc.property(fc.nat({ max: der.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const altered = Buffer.from(der);
      altered[at] = (altered[at] ?? 0) ^ by;
      expect(refused(altered)).toBe(true);
    }),
  );
});

test('a truststore may be any text; what is a certificate in it counts', async () => {
  const root = await Issuer.root('CN=Root');
  const device = certificateOf((await root.client('CN=device')).cert);
  const der = new X509Certificate(root.identity.cert).raw;
  const line = fc.string().filter((text) => !text.includes('-----'));
  const broken = fc
    .tuple(fc.nat({ max: der.length - 1 }), fc.uint8Array({ minLength: 1, maxLength: 40 }))
    .map(([at, bytes]) => {
      const altered = Buffer.from(der);
      altered.set(bytes.subarray(0, altered.length - at), at);
      return pemOf(altered);
    });
  const noise = fc.oneof(line, fc.uint8Array().map(pemOf), broken);
  fc.assert(
    fc.property(fc.array(noise), fc.array(noise), (before, after) => {
      const truststore = Truststore.parse([...before, root.identity.cert, ...after].join('\n'));
      expect(truststore.refusal(device, Date.now())).toBeUndefined();
      for (const warning of truststore.warnings(Date.now()))
        expect(warning).toMatch(/^(?:Certificate \d+|The certificate with)/);
    }),
  );
});

test('what is strong enough', async () => {
  const root = await Issuer.root('CN=Root');
  const truststore = Truststore.parse(root.identity.cert);
  const pss = (hash: string) => ({ ...rsa(2048, hash), name: 'RSA-PSS', saltLength: 32 });
  const curve = (namedCurve: string) => ({ name: 'ECDSA', namedCurve, hash: 'SHA-256' });
  const refusalOf = async (algorithm: Parameters<Issuer['client']>[1]) => {
    const alone = await Issuer.root('CN=alone', algorithm);
    return Truststore.parse(alone.identity.cert).refusal(certificateOf(alone.identity.cert), Date.now());
  };
  const insecure = 'Client cert using an insecure Signature Algorithm';
  for (const algorithm of [
    rsa(2048),
    rsa(2048, 'SHA-384'),
    rsa(2048, 'SHA-512'),
    pss('SHA-256'),
    pss('SHA-512'),
    curve('P-256'),
    curve('P-384'),
    curve('P-521'),
  ])
    expect(await refusalOf({ algorithm })).toBeUndefined();
  for (const algorithm of [rsa(1024), rsa(2048, 'SHA-1'), pss('SHA-1')])
    expect(await refusalOf({ algorithm })).toBe(insecure);
  const client = certificateOf((await root.client('CN=x', { until: 1000 })).cert);
  expect(truststore.refusal(client, client.notAfter)).toBeUndefined();
  expect(truststore.refusal(client, client.notAfter + 1)).toBe('certificate has expired');
  expect(truststore.refusal(client, client.notBefore - 1)).toBe('certificate is not yet valid');
  expect(truststore.refusal(client, Number.NaN)).toBeDefined();
});
