import { type Certificate, certificateOf } from './certificates';

/** Certificates of authorities in a chain, the client's own not among them. */
const LONGEST_CHAIN = 4;
const BLOCK =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * The certificates that clients of a custom domain are held against. Nothing but it counts: what a client sends along
 * with its own certificate closes no gap.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
 */
export class Truststore {
  readonly #bySubject = new Map<string, Certificate[]>();

  private constructor(
    readonly certificates: readonly Certificate[],
    /** The places of blocks that are no certificates, from 1. */
    readonly broken: readonly number[],
  ) {
    for (const certificate of certificates) {
      const same = this.#bySubject.get(certificate.subject);
      if (!same) this.#bySubject.set(certificate.subject, [certificate]);
      else if (!this.#has(certificate)) same.push(certificate);
    }
  }

  static parse(pem: string): Truststore {
    const certificates: Certificate[] = [];
    const broken: number[] = [];
    for (const [index, block] of blocksOf(pem).entries()) {
      try {
        certificates.push(certificateOf(block));
      } catch {
        broken.push(index + 1);
      }
    }
    return new Truststore(certificates, broken);
  }

  /** Why a client with this certificate is not let in, in OpenSSL's words; undefined where it is. */
  refusal(client: Certificate, millis: number): string | undefined {
    const own = flaw(client, millis);
    if (own) return own;
    if (!client.forClients) return 'unsupported certificate purpose';
    if (client.selfSigned) return this.#has(client) ? undefined : 'self signed certificate';
    return this.#climb(client, 0, millis);
  }

  /** What is wrong with what was uploaded: clients of such certificates will not come in. */
  warnings(millis: number): string[] {
    const warnings = this.broken.map(
      (place) => `Certificate ${place} of the truststore is not a valid X.509 certificate.`,
    );
    for (const certificate of this.certificates) {
      const why =
        flaw(certificate, millis) ??
        (certificate.selfSigned ? undefined : this.#climb(certificate, 1, millis));
      if (why) warnings.push(`The certificate with the subject ${certificate.subject} is not valid: ${why}.`);
    }
    return warnings;
  }

  #has({ fingerprint, subject }: Certificate): boolean {
    return this.#bySubject.get(subject)?.some((one) => one.fingerprint === fingerprint) ?? false;
  }

  /** Looks for a way to a root, the shortest first; `above` authorities of the chain are known already. */
  #climb(from: Certificate, above: number, millis: number): string | undefined {
    const seen = new Set<Certificate>();
    let reason: string | undefined;
    let level = [from];
    for (let depth = above; level.length > 0; depth++) {
      const issuers = new Set(level.flatMap((one) => this.#issuersOf(one)).filter((one) => !seen.has(one)));
      if (issuers.size === 0) reason ??= 'Could not find issuer for certificate';
      else if (depth >= LONGEST_CHAIN) return 'certificate chain too long';
      level = [];
      for (const issuer of issuers) {
        seen.add(issuer);
        const why = unfit(issuer, depth, millis);
        if (why) reason ??= why;
        else if (issuer.selfSigned) return undefined;
        else level.push(issuer);
      }
    }
    return reason;
  }

  #issuersOf({ issuer, x509 }: Certificate): Certificate[] {
    const named = this.#bySubject.get(issuer) ?? [];
    return named.filter((one) => x509.checkIssued(one.x509) && x509.verify(one.x509.publicKey));
  }
}

export const blocksOf = (pem: string): string[] => pem.match(BLOCK) ?? [];

function flaw({ notAfter, notBefore, strong }: Certificate, millis: number): string | undefined {
  // Dates that are none compare as false.
  if (!(millis >= notBefore)) return 'certificate is not yet valid';
  if (!(millis <= notAfter)) return 'certificate has expired';
  return strong ? undefined : 'Client cert using an insecure Signature Algorithm';
}

/** Why it may not vouch for others, with that many authorities below it. */
function unfit(authority: Certificate, below: number, millis: number): string | undefined {
  if (!authority.x509.ca) return 'invalid CA certificate';
  if (authority.pathLength < below) return 'path length constraint exceeded';
  return flaw(authority, millis);
}
