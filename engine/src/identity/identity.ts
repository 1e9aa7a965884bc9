import type { Clock, Ids, Principal, PrincipalSource } from '../kernel';
import type { Collection, Store } from '../storage';
import { Recent } from './recent';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** An access key as the gateway finds it. */
export interface KnownKey {
  principal: Principal;
  secretAccessKey: string;
  /** Only sessions have these. */
  sessionToken?: string;
  expiresAt?: number;
}

/** Who is who: access keys and sessions. IAM and STS write here, the gateway reads. */
export interface Identity {
  /** Issues temporary credentials that act as `principal` for `seconds`. */
  issueSession(principal: Principal, seconds: number): Credentials;
  /** Makes a long-lived key known (IAM's CreateAccessKey). */
  registerAccessKey(accessKeyId: string, secretAccessKey: string, principal: Principal): void;
  removeAccessKey(accessKeyId: string): void;
  /** Whose key this is; undefined for one that nobody was given. Expired sessions are found too: see `expiresAt`. */
  find(accessKeyId: string): KnownKey | undefined;
  /** The principal a role's session has: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  roleSession(roleArn: string, roleId: string, sessionName: string): Principal;
  /**
   * A service as a caller, e.g. `lambda.amazonaws.com`: with a source (which may be empty) one that resource policies
   * must let in, without one the engine's own plumbing.
   */
  servicePrincipal(service: string, account: string, source?: PrincipalSource): Principal;
  /** The account's administrator: `test`/`test` of 000000000000. */
  root(account: string): Principal;
}

export const DEFAULT_ACCOUNT = '000000000000';

const MOST_RECENT = 500;

const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export class KeyRing implements Identity {
  readonly #keys: Collection<KnownKey>;
  /** What was asked for lately, unsealed: every request asks. */
  readonly #recent = new Recent<KnownKey>(MOST_RECENT);
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(store: Store, clock: Clock, ids: Ids) {
    this.#keys = store.collection('keys', { sealed: true });
    this.#clock = clock;
    this.#ids = ids;
    this.#forgetExpired();
  }

  issueSession(principal: Principal, seconds: number): Credentials {
    const accessKeyId = `ASIA${this.#ids.upper(16)}`;
    const secretAccessKey = this.#ids.of(SECRET_ALPHABET, 40);
    const sessionToken = this.#ids.of(SECRET_ALPHABET, 356);
    const issued = this.#clock.millis();
    const expiresAt = issued + seconds * 1000;
    this.#put(accessKeyId, {
      principal: { ...principal, accessKeyId, session: { ...principal.session, issued } },
      secretAccessKey,
      sessionToken,
      expiresAt,
    });
    return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiresAt) };
  }

  registerAccessKey(accessKeyId: string, secretAccessKey: string, principal: Principal): void {
    this.#put(accessKeyId, { principal: { ...principal, accessKeyId }, secretAccessKey });
  }

  removeAccessKey(accessKeyId: string): void {
    this.#recent.delete(accessKeyId);
    this.#keys.remove(accessKeyId);
  }

  #put(accessKeyId: string, key: KnownKey): void {
    this.#recent.delete(accessKeyId);
    this.#keys.put(accessKeyId, key);
  }

  find(accessKeyId: string): KnownKey | undefined {
    // LocalStack's convention: `test` is the default account, a 12-digit key id the account of that number.
    const account =
      accessKeyId === 'test' ? DEFAULT_ACCOUNT : /^\d{12}$/.test(accessKeyId) ? accessKeyId : undefined;
    if (account !== undefined)
      return { principal: { ...this.root(account), accessKeyId }, secretAccessKey: 'test' };
    const recent = this.#recent.get(accessKeyId);
    if (recent) return recent;
    const known = this.#keys.get(accessKeyId);
    if (!known) return undefined;
    this.#recent.set(accessKeyId, known);
    return known;
  }

  roleSession(roleArn: string, roleId: string, sessionName: string): Principal {
    const account = roleArn.split(':')[4] ?? DEFAULT_ACCOUNT;
    const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    return {
      type: 'assumed-role',
      account,
      arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`,
      userId: `${roleId}:${sessionName}`,
      roleArn,
    };
  }

  servicePrincipal(service: string, account: string, source?: PrincipalSource): Principal {
    return { type: 'service', account, arn: service, userId: service, ...(source ? { source } : {}) };
  }

  root(account: string): Principal {
    return { type: 'root', account, arn: `arn:aws:iam::${account}:root`, userId: account };
  }

  #forgetExpired(): void {
    const now = this.#clock.millis();
    const expired = [...this.#keys.entries()].filter(({ value }) => (value.expiresAt ?? now) < now);
    for (const { key } of expired) this.#keys.remove(key);
  }
}
