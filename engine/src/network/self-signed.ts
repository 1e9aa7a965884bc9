import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { TlsIdentity } from './authority';

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

export interface SelfSigned {
  name: string;
  /** Hexadecimal. */
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
}

/** A key of RSA, and a certificate that nobody but itself vouches for. */
export async function selfSigned({
  name,
  notAfter,
  notBefore,
  serialNumber,
}: SelfSigned): Promise<TlsIdentity> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    serialNumber,
    notBefore,
    notAfter,
    signingAlgorithm: ALGORITHM,
    keys,
    // A list of extensions may not be empty.
    extensions: [await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: x509.PemConverter.encode(key, 'PRIVATE KEY'), cert: certificate.toString('pem') };
}
