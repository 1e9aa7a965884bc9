import { X509Certificate } from 'node:crypto';
import { detailsOf } from './der';

/** https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12 */
const ANY_USE = '2.5.29.37.0';
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const WEAKEST_RSA = 2048;
/** Elliptic curves of 256 bits and more, by OpenSSL's names. */
const CURVES = new Set(['prime256v1', 'secp256k1', 'secp384r1', 'secp521r1']);

/** A certificate, with what makes it fit to be trusted or not. */
export interface Certificate {
  readonly x509: X509Certificate;
  readonly fingerprint: string;
  /** `C=US,O=Example,CN=device`: in the certificate's own order. */
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly selfSigned: boolean;
  /** Whether its key and the signature on it are as strong as API Gateway wants them. */
  readonly strong: boolean;
  /** How many certificates of authorities may stand below it. */
  readonly pathLength: number;
  /** Whether it may say who a client is. */
  readonly forClients: boolean;
}

/** Throws where it is none. */
export function certificateOf(bytes: Buffer | string | X509Certificate): Certificate {
  const own = bytes instanceof X509Certificate ? bytes : new X509Certificate(bytes);
  const { pathLength = Number.POSITIVE_INFINITY, strongHash } = detailsOf(own.raw);
  return {
    x509: own,
    fingerprint: own.fingerprint256,
    subject: nameOf(own.subject),
    issuer: nameOf(own.issuer),
    notBefore: Date.parse(own.validFrom),
    notAfter: Date.parse(own.validTo),
    selfSigned: own.checkIssued(own) && own.verify(own.publicKey),
    strong: strongHash && isStrongKey(own),
    pathLength,
    forClients: !own.keyUsage || own.keyUsage.some((use) => use === ANY_USE || use === CLIENT_AUTHENTICATION),
  };
}

/** Node has a line for each part of a name. */
const nameOf = (lines: string | undefined): string => (lines ?? '').trimEnd().replaceAll('\n', ',');

/**
 * SHA-256, RSA-2048 and ECDSA-256, or stronger.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html#rest-api-mutual-tls-create-trust-store
 */
function isStrongKey({ publicKey }: X509Certificate): boolean {
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  return publicKey.asymmetricKeyType === 'ec' ? CURVES.has(namedCurve) : modulusLength >= WEAKEST_RSA;
}

/** The certificate as functions, templates and access logs see it. */
export interface ShownCertificate {
  clientCertPem: string;
  subjectDN: string;
  issuerDN: string;
  serialNumber: string;
  validity: { notBefore: string; notAfter: string };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format */
export function shownCertificate({ issuer, subject, x509: own }: Certificate): ShownCertificate {
  return {
    clientCertPem: own.toString(),
    subjectDN: subject,
    issuerDN: issuer,
    serialNumber: serialText(own.serialNumber),
    validity: { notBefore: own.validFrom, notAfter: own.validTo },
  };
}

/** As OpenSSL prints it: a short one as a number, a long one byte by byte. */
function serialText(hex: string): string {
  const digits = hex.toLowerCase();
  const number = BigInt(`0x${digits}`);
  if (number < 2n ** 63n) return String(number);
  return (digits.length % 2 === 0 ? digits : `0${digits}`).replace(/..(?=.)/g, '$&:');
}
