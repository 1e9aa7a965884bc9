import type { Clock, Host } from '../../kernel';
import type { PublicKey } from './token';

/** Gives the keys of an issuer, or undefined where it knows nothing of it. */
export type KeySource = (issuer: string) => Promise<readonly PublicKey[]> | undefined;

/** Keys are asked for again after so long, or where a token names another. */
const KEPT = 60 * 60 * 1000;

/** Whose tokens can be verified, and by which keys: services that issue tokens attach themselves. */
export class TokenIssuers {
  readonly #sources: KeySource[] = [];
  readonly #known = new Map<string, { keys: readonly PublicKey[]; until: number }>();

  constructor(readonly clock: Clock) {}

  attach(source: KeySource): void {
    this.#sources.push(source);
  }

  /** The keys that an issuer signs with; undefined where nobody knows it. */
  async keysOf(issuer: string, keyId: string | undefined): Promise<readonly PublicKey[] | undefined> {
    const known = this.#known.get(issuer);
    const now = this.clock.millis();
    if (known && known.until > now && known.keys.some((key) => key.kid === keyId)) return known.keys;
    for (const source of this.#sources) {
      const keys = await source(issuer);
      if (!keys) continue;
      this.#known.set(issuer, { keys, until: now + KEPT });
      return keys;
    }
    return undefined;
  }
}

export function tokenIssuers(host: Host): TokenIssuers {
  return host.memo('identity.token-issuers', () => new TokenIssuers(host.clock));
}

/** Where the keys of issuers are that are not of this engine: an issuer's name, and the address of its JWKS. */
export type JwksAddresses = Readonly<Record<string, string>>;

/** Reads keys from their addresses, which must be on this machine: no request leaves it. */
export function keysAtAddresses(addresses: JwksAddresses): KeySource {
  return (issuer) => {
    const address = addresses[issuer];
    if (address === undefined) return undefined;
    return import('./provider-keys').then(({ keysAt }) => keysAt(address, []));
  };
}
