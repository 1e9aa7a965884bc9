import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const YEARS = 365 * 24 * 3600 * 1000;
/** The only names this authority may vouch for, in case somebody trusts it in a browser. */
const DOMAINS = [
  'amazonaws.com',
  'cloudfront.net',
  'localhost',
  'localhost.localstack.cloud',
  'api.aws',
  'on.aws',
];

/** A private key and its certificate chain, PEM. */
export interface TlsIdentity {
  key: string;
  cert: string;
}

/**
 * The local certificate authority: signs a certificate for each name under which TLS clients ask for the engine.
 * Its key is made on first start and stays in the state folder, readable by the owner only.
 */
export class Authority {
  readonly #identities = new Map<string, Promise<TlsIdentity>>();

  private constructor(
    readonly certificate: x509.X509Certificate,
    readonly key: webcrypto.CryptoKey,
  ) {}

  /** Reads the authority of `directory`, or makes it for names below `domains`: `ca.pem` and `ca.key`. */
  static async open(directory: string, domains: readonly string[] = DOMAINS): Promise<Authority> {
    const certificateFile = join(directory, 'ca.pem');
    const keyFile = join(directory, 'ca.key');
    if (!existsSync(certificateFile) || !existsSync(keyFile)) await make(certificateFile, keyFile, domains);
    const certificate = new x509.X509Certificate(readFileSync(certificateFile, 'utf8'));
    const der = x509.PemConverter.decodeFirst(readFileSync(keyFile, 'utf8'));
    const key = await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
    return new Authority(certificate, key);
  }

  /** The TLS identity for `name`; made on its first use. */
  identityFor(name: string): Promise<TlsIdentity> {
    const host = name.toLowerCase();
    let identity = this.#identities.get(host);
    if (!identity) {
      // Bounded: a client can ask for any number of names.
      if (this.#identities.size > 500) this.#identities.clear();
      identity = this.#issue(host);
      this.#identities.set(host, identity);
    }
    return identity;
  }

  async #issue(host: string): Promise<TlsIdentity> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.create({
      subject: 'CN=tierkit',
      issuer: this.certificate.subject,
      notBefore: this.certificate.notBefore,
      notAfter: this.certificate.notAfter,
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.key,
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: host },
          { type: 'ip', value: '127.0.0.1' },
        ]),
        new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
      ],
    });
    const key = x509.PemConverter.encode(
      await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
      'PRIVATE KEY',
    );
    return { key, cert: `${certificate.toString('pem')}\n${this.certificate.toString('pem')}` };
  }
}

async function make(certificateFile: string, keyFile: string, domains: readonly string[]): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = new Date();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=tierkit local authority',
    notBefore: new Date(now.getTime() - 24 * 3600 * 1000),
    notAfter: new Date(now.getTime() + 2 * YEARS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      nameConstraints(domains),
    ],
  });
  const key = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
    'PRIVATE KEY',
  );
  writeWhole(keyFile, key);
  writeWhole(certificateFile, certificate.toString('pem'));
}

/** RFC 5280, 4.2.1.10: permittedSubtrees of dNSName and the loopback addresses, by hand: the library has no class for it. */
function nameConstraints(domains: readonly string[]): x509.Extension {
  const der = (tag: number, content: Buffer) =>
    Buffer.concat([
      content.length < 128
        ? Buffer.of(tag, content.length)
        : Buffer.of(tag, 0x82, content.length >> 8, content.length & 255),
      content,
    ]);
  const subtrees = domains.map((domain) => der(0x30, der(0x82, Buffer.from(domain))));
  subtrees.push(der(0x30, der(0x87, Buffer.of(127, 0, 0, 0, 255, 0, 0, 0))));
  return new x509.Extension('2.5.29.30', true, der(0x30, der(0xa0, Buffer.concat(subtrees))));
}

function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.next`, text, { mode: 0o600 });
  renameSync(`${file}.next`, file);
}
