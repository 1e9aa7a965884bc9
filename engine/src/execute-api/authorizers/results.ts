import type { Host } from '../../kernel';
import type { Verdict } from './verdict';

/** As many as are kept: the oldest go first. */
const MOST = 10_000;

/** What Lambda authorizers said, by `api/stage/authorizer` and what the identity sources gave. */
export class AuthorizerResults {
  readonly #known = new Map<string, { verdict: Verdict; until: number }>();

  get(key: string, millis: number): Verdict | undefined {
    const known = this.#known.get(key);
    if (!known || known.until > millis) return known?.verdict;
    this.#known.delete(key);
    return undefined;
  }

  put(key: string, verdict: Verdict, until: number): void {
    this.#known.delete(key);
    this.#known.set(key, { verdict, until });
    if (this.#known.size <= MOST) return;
    const [oldest = ''] = this.#known.keys();
    this.#known.delete(oldest);
  }

  /** Everything that begins so: `api/`, or `api/stage/`. */
  forget(prefix: string): void {
    for (const key of this.#known.keys()) if (key.startsWith(prefix)) this.#known.delete(key);
  }
}

export function authorizerResults(host: Host): AuthorizerResults {
  return host.memo('execute-api.authorizer-results', () => new AuthorizerResults());
}
