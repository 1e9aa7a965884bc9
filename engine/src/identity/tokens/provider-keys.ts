import { X509Certificate } from 'node:crypto';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { checkServerIdentity, TLSSocket } from 'node:tls';
import { AwsError } from '../../kernel';
import { isLoopback } from '../../kernel/loopback';
import { invalidToken, type PublicKey } from './token';

/** A provider's documents are small. */
const LIMIT = 1024 * 1024;
const PATIENCE = 5_000;

/**
 * The keys that an issuer signs with, by way of its discovery document. They are asked for only on this machine: no
 * request leaves it, so what an issuer elsewhere has signed cannot be verified.
 */
export async function keysOf(issuer: string, thumbprints: readonly string[]): Promise<PublicKey[]> {
  if (!isHere(issuer)) {
    throw new AwsError(
      'IDPCommunicationError',
      `The request could not be fulfilled because the identity provider (IDP) that was asked to verify the incoming identity token could not be reached: ${issuer} is not on this machine, which no request leaves. See docs/parity.md.`,
    );
  }
  const discovered = await read(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, thumbprints);
  const address = Reflect.get(discovered, 'jwks_uri');
  if (typeof address !== 'string') throw unreachable();
  return keysAt(address, thumbprints);
}

/** A set of keys where its address, on this machine, is known. */
export async function keysAt(address: string, thumbprints: readonly string[]): Promise<PublicKey[]> {
  if (!isHere(address)) throw unreachable();
  const keys: unknown = Reflect.get(await read(address, thumbprints), 'keys');
  if (!Array.isArray(keys)) throw unreachable();
  return keys.filter((key): key is PublicKey => typeof key === 'object' && key !== null);
}

const unreachable = (): AwsError =>
  invalidToken(
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
  );

function isHere(address: string): boolean {
  try {
    const { protocol, hostname } = new URL(address);
    return /^https?:$/.test(protocol) && isLoopback(hostname);
  } catch {
    return false;
  }
}

async function read(address: string, thumbprints: readonly string[]): Promise<object> {
  try {
    const value: unknown = JSON.parse(await fetchText(new URL(address), thumbprints));
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    if (error instanceof AwsError) throw error;
  }
  throw unreachable();
}

/** Follows no redirection: that could lead away from this machine. */
function fetchText(url: URL, thumbprints: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const isSecure = url.protocol === 'https:';
    // Whether its certificate is trusted is looked at below, as IAM does.
    const options = isSecure ? { agent: false, rejectUnauthorized: false } : { agent: false };
    const request = (isSecure ? secure : plain)(url, options, (response) => {
      if (response.statusCode !== 200) {
        response.destroy();
        reject(unreachable());
        return;
      }
      if (response.socket instanceof TLSSocket && !isTrusted(response.socket, url.hostname, thumbprints)) {
        response.destroy();
        reject(
          invalidToken("OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"),
        );
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > LIMIT) response.destroy(unreachable());
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.setTimeout(PATIENCE, () => request.destroy(unreachable()));
    request.on('error', reject);
    request.end();
  });
}

/**
 * By an authority that everybody trusts, or by a thumbprint of the provider: the SHA-1 of a certificate in its chain.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
 */
function isTrusted(socket: TLSSocket, host: string, thumbprints: readonly string[]): boolean {
  if (socket.authorized) return true;
  const known = new Set(thumbprints.map((thumbprint) => thumbprint.toLowerCase()));
  let certificate = socket.getPeerCertificate(true);
  if (checkServerIdentity(host, certificate) !== undefined) return false;
  for (;;) {
    if (known.has(certificate.fingerprint.replaceAll(':', '').toLowerCase())) return true;
    const issuer = certificate.issuerCertificate;
    // The last one is its own issuer; one that did not sign is none, whatever it is called.
    if (!issuer?.raw || issuer === certificate || !hasSigned(issuer.raw, certificate.raw)) return false;
    certificate = issuer;
  }
}

function hasSigned(issuer: Buffer, certificate: Buffer): boolean {
  const authority = new X509Certificate(issuer);
  return authority.ca && new X509Certificate(certificate).verify(authority.publicKey);
}
