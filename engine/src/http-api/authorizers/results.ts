import type { Host } from '../../kernel';
import type { Exchange } from '../exchange';

/** What a Lambda authorizer decided. */
export interface Decision {
  context: Record<string, unknown>;
  principalId?: string;
  /** Whether the caller may make the request; of simple answers the same for all. */
  allows(exchange: Exchange): boolean;
}

/** As many as are kept: the oldest go first. */
const MOST = 10_000;

/** Decisions that are remembered, by `api/stage/authorizer` and the identity that was given. */
export class AuthorizerResults {
  readonly #known = new Map<string, { decision: Decision; until: number }>();

  get(key: string, millis: number): Decision | undefined {
    const known = this.#known.get(key);
    return known && known.until > millis ? known.decision : undefined;
  }

  put(key: string, decision: Decision, until: number): void {
    this.#known.delete(key);
    this.#known.set(key, { decision, until });
    if (this.#known.size <= MOST) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }

  forget(prefix: string): void {
    for (const key of this.#known.keys()) if (key.startsWith(prefix)) this.#known.delete(key);
  }
}

export function authorizerResults(host: Host): AuthorizerResults {
  return host.memo('http-api.authorizer-results', () => new AuthorizerResults());
}
