import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { request } from 'node:https';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 24 * 3600 * 1000;

/** Somebody's key and certificate, PEM. */
export interface Identity {
  cert: string;
  key: string;
}

export interface Wanted {
  /** Milliseconds from now. */
  from?: number;
  until?: number;
  serialNumber?: string;
  /** Whether it may vouch for others. */
  authority?: boolean;
  pathLength?: number;
  uses?: string[];
  algorithm?:
    | typeof ALGORITHM
    | { name: string; hash: string; modulusLength: number; publicExponent: Uint8Array; saltLength?: number };
}

/** RSA keys, of a strength or weakness of a test's choice. */
export const rsa = (modulusLength: number, hash = 'SHA-256') => ({
  name: 'RSASSA-PKCS1-v1_5',
  hash,
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
});

/** One who has a certificate, and signs those of others. */
export class Issuer {
  private constructor(
    readonly certificate: x509.X509Certificate,
    readonly keys: webcrypto.CryptoKeyPair,
    readonly identity: Identity,
  ) {}

  /** Who signs for themselves, as roots do. */
  static root(name: string, wanted: Wanted = {}): Promise<Issuer> {
    return make(name, undefined, { authority: true, ...wanted });
  }

  authority(name: string, wanted: Wanted = {}): Promise<Issuer> {
    return make(name, this, { authority: true, ...wanted });
  }

  async client(name: string, wanted: Wanted = {}): Promise<Identity> {
    return (await make(name, this, wanted)).identity;
  }

  static of = (...parts: [x509.X509Certificate, webcrypto.CryptoKeyPair, Identity]) => new Issuer(...parts);
}

async function make(name: string, issuer: Issuer | undefined, wanted: Wanted): Promise<Issuer> {
  const { algorithm = ALGORITHM, from = -DAY, until = DAY, uses } = wanted;
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer?.certificate.subject ?? name,
    notBefore: new Date(Date.now() + from),
    notAfter: new Date(Date.now() + until),
    signingAlgorithm: issuer ? { ...issuer.keys.privateKey.algorithm, hash: 'SHA-256' } : algorithm,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    ...(wanted.serialNumber && { serialNumber: wanted.serialNumber }),
    extensions: [
      new x509.BasicConstraintsExtension(wanted.authority === true, wanted.pathLength, true),
      ...(uses ? [new x509.ExtendedKeyUsageExtension(uses)] : []),
    ],
  });
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const identity = { cert: certificate.toString('pem'), key: x509.PemConverter.encode(der, 'PRIVATE KEY') };
  return Issuer.of(certificate, keys, identity);
}

/** What a client finds whose connection was closed, be it while it still wrote. */
export const CLOSED = { code: expect.stringMatching(/^(?:ECONNRESET|EPIPE)$/) };

export interface Asked {
  /** The name of TLS, and the Host of the request unless `host` says another. */
  name: string;
  path: string;
  client?: Identity | undefined;
  host?: string;
  ca?: string;
}

/** A request over TLS of a client's own connection. Rejects where the connection is refused. */
export function askSecurely(
  port: number,
  { ca, client, host, name, path }: Asked,
): Promise<{ status: number; text: string; errorType: string | undefined }> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      servername: name,
      path,
      headers: { host: host ?? name },
      agent: false as const,
      // Newer Nodes would not show a weak key by themselves.
      ciphers: 'DEFAULT@SECLEVEL=0',
      ...(ca === undefined ? { rejectUnauthorized: false } : { ca }),
      ...client,
    };
    request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const errorType = response.headers['x-amzn-errortype'];
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
          errorType: Array.isArray(errorType) ? errorType[0] : errorType,
        });
      });
    })
      .on('error', reject)
      .end();
  });
}
