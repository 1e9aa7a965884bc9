import { type PolicyDocument, type PolicyKind, parsePolicy } from '../../kernel/policy-document';
import { compileStatements, type Statement } from './statement';

/** A policy that is ready to be asked. */
export class Policy {
  readonly #byService = new Map<string, readonly Statement[]>();
  readonly statements: readonly Statement[];

  constructor(
    /** Its ARN, or for an inline one its name. */
    readonly name: string,
    document: PolicyDocument,
  ) {
    this.statements = compileStatements(document);
  }

  /** The statements that may speak of an action, in the policy's order. */
  statementsFor(action: string): readonly Statement[] {
    const service = action.slice(0, action.indexOf(':')).toLowerCase();
    let found = this.#byService.get(service);
    if (!found) {
      found = this.statements.filter(({ services }) => services === undefined || services.has(service));
      this.#byService.set(service, found);
    }
    return found;
  }
}

/** Compiled policies by their text: the same documents are asked at every call. */
export class PolicyCache {
  readonly #policies = new Map<string, Policy>();
  #size = 0;

  /** Throws PolicyProblem for what is no policy. */
  get(name: string, kind: PolicyKind, text: string): Policy {
    const key = `${kind} ${name} ${text}`;
    let policy = this.#policies.get(key);
    if (!policy) {
      policy = new Policy(name, parsePolicy(text, kind));
      if (this.#size > LIMIT) {
        this.#policies.clear();
        this.#size = 0;
      }
      this.#policies.set(key, policy);
      this.#size += key.length;
    }
    return policy;
  }
}

/** Characters of documents whose compiled form is kept. */
const LIMIT = 16 * 1024 * 1024;
