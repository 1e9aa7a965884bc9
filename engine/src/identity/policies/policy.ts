import { type PolicyDocument, type PolicyKind, parsePolicy } from '../../kernel/policy-document';
import { askedKeys } from './asked-keys';
import { compileStatements, type Statement } from './statement';

/** Statements by their effect. */
export interface ByEffect {
  allow: readonly Statement[];
  deny: readonly Statement[];
}

/** Actions whose statements a policy remembers: more than AWS has of most services. */
const ACTIONS = 1_000;
/** Resources that are remembered for each of them. */
const RESOURCES = 100;
/** So few are asked as fast as they are looked up. */
const FEW = 3;

/** The statements of a policy that speak of an action. */
export class Speaking implements ByEffect {
  readonly allow: readonly Statement[];
  readonly deny: readonly Statement[];
  /** The condition keys that they ask for. */
  readonly keys: readonly string[];
  readonly #byResource: Map<string, ByEffect> | undefined;

  constructor(statements: readonly Statement[]) {
    this.allow = statements.filter(({ effect }) => effect === 'Allow');
    this.deny = statements.filter(({ effect }) => effect === 'Deny');
    this.keys = [...new Set(statements.flatMap(askedKeys))];
    if (statements.length > FEW) this.#byResource = new Map();
  }

  /** Those of them that may be about a resource: found once, as the same resources are asked for again and again. */
  about(resource: string): ByEffect {
    if (!this.#byResource) return this;
    let found = this.#byResource.get(resource);
    if (!found) {
      found = { allow: aboutIt(this.allow, resource), deny: aboutIt(this.deny, resource) };
      if (this.#byResource.size >= RESOURCES) this.#byResource.clear();
      this.#byResource.set(resource, found);
    }
    return found;
  }
}

function aboutIt(statements: readonly Statement[], resource: string): readonly Statement[] {
  return statements.filter((statement) => statement.mayMean(resource));
}

/** A policy that is ready to be asked. */
export class Policy {
  readonly #byAction = new Map<string, Speaking>();
  readonly #byService = new Map<string, readonly Statement[]>();
  readonly statements: readonly Statement[];

  constructor(
    /** Its ARN, or for an inline one its name. */
    readonly name: string,
    document: PolicyDocument,
  ) {
    this.statements = compileStatements(document);
  }

  /** The statements that speak of an action: found once, as the same actions are asked for again and again. */
  speakingOf(action: string): Speaking {
    let found = this.#byAction.get(action);
    if (!found) {
      const name = action.toLowerCase();
      found = new Speaking(this.statementsFor(action).filter((statement) => statement.means(name)));
      if (this.#byAction.size >= ACTIONS) this.#byAction.clear();
      this.#byAction.set(action, found);
    }
    return found;
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

/** The policies of one name: an inline policy's may be of several texts. */
interface Named {
  /** The one that was asked last. To compare its text is cheaper than to look it up. */
  text: string;
  policy: Policy;
  byText: Map<string, Policy>;
}

/** Compiled policies by their text: the same documents are asked at every call. */
export class PolicyCache {
  /** By kind and name, then by text: names are short, and texts as they are need not be copied to be looked up. */
  readonly #policies = new Map<string, Named>();
  #size = 0;

  /** Throws PolicyProblem for what is no policy. */
  get(name: string, kind: PolicyKind, text: string): Policy {
    const key = `${kind} ${name}`;
    const named = this.#policies.get(key);
    if (named?.text === text) return named.policy;
    const policy = named?.byText.get(text) ?? this.#add(key, text, new Policy(name, parsePolicy(text, kind)));
    if (named) Object.assign(named, { text, policy });
    return policy;
  }

  #add(key: string, text: string, policy: Policy): Policy {
    if (this.#size > LIMIT) {
      this.#policies.clear();
      this.#size = 0;
    }
    const byText = this.#policies.get(key)?.byText ?? new Map<string, Policy>();
    byText.set(text, policy);
    this.#policies.set(key, { text, policy, byText });
    this.#size += key.length + text.length;
    return policy;
  }
}

/** Characters of documents whose compiled form is kept. */
const LIMIT = 16 * 1024 * 1024;
