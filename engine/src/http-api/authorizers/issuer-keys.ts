import { tokenIssuers } from '../../identity/tokens/issuers';
import { keysOf } from '../../identity/tokens/provider-keys';
import type { PublicKey } from '../../identity/tokens/token';
import type { Host } from '../../kernel';
import { isLoopback } from '../../kernel/loopback';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html: "up to two hours" */
const KEPT = 2 * 60 * 60 * 1000;

interface Known {
  keys: PublicKey[];
  until: number;
}

/**
 * The keys that an issuer signs with, asked for again where one is not among them: those that somebody here knows, else
 * those that its discovery document leads to.
 */
export async function issuerKeys(
  host: Host,
  issuer: string,
  keyId: string | undefined,
): Promise<readonly PublicKey[]> {
  const told = await tokenIssuers(host).keysOf(issuer, keyId);
  if (told) return told;
  const all = host.memo('http-api.issuer-keys', () => new Map<string, Known>());
  const known = all.get(issuer);
  const now = host.clock.millis();
  if (known && known.until > now && known.keys.some((key) => key.kid === keyId)) return known.keys;
  const keys = await discovered(issuer);
  all.set(issuer, { keys, until: now + KEPT });
  return keys;
}

async function discovered(issuer: string): Promise<PublicKey[]> {
  if (isLoopback(new URL(issuer).hostname)) return keysOf(issuer, []);
  throw new Error(
    `nobody here knows the keys of ${issuer}. Start the engine with --jwks ${issuer}=<address of its keys on this machine>`,
  );
}
