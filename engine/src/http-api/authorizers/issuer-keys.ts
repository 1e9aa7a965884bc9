import type { Host } from '../../kernel';
import { keysOf } from '../../services/sts/web-identity/provider-keys';
import type { PublicKey } from '../../services/sts/web-identity/token';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html: "up to two hours" */
const KEPT = 2 * 60 * 60 * 1000;

interface Known {
  keys: PublicKey[];
  until: number;
}

/** The keys that an issuer signs with; asked for again where one is not among them. */
export async function issuerKeys(
  host: Host,
  issuer: string,
  keyId: string | undefined,
): Promise<PublicKey[]> {
  const all = host.memo('http-api.issuer-keys', () => new Map<string, Known>());
  const known = all.get(issuer);
  const now = host.clock.millis();
  if (known && known.until > now && known.keys.some((key) => key.kid === keyId)) return known.keys;
  const keys = await keysOf(issuer, []);
  all.set(issuer, { keys, until: now + KEPT });
  return keys;
}
