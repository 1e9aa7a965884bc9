import type { Principal } from '../../kernel';
import type { DecisionEvent, StatementName } from '../../observe';
import {
  type AccessRequest,
  type Considered,
  Context,
  consider,
  type Decider,
  type Decision,
  keysOf,
  type Layers,
  type ResourceSide,
} from '../policies';

/** The call that a decision was made for. */
export interface DecidedCall {
  readonly requestId: string;
  readonly within?: string | undefined;
  readonly trace?: string | undefined;
}

/** Of a decision: what it went by, and what became of it. */
export interface Verdict {
  at: number;
  request: AccessRequest;
  layers: Layers;
  side: ResourceSide;
  decision: Decision;
  /** Whether a refusal is only spoken of. */
  audit: boolean;
}

const NOTHING = new Context();

/**
 * A decision that can be told again in all detail. It keeps what the policies could have asked for, nothing else of
 * the request: its input may be long, or secret. What it is asked for is made then: nobody asks for most.
 */
export class Decided implements DecisionEvent {
  readonly type = 'decision';
  readonly at: number;
  readonly requestId: string;
  readonly within: string | undefined;
  readonly trace: string | undefined;
  readonly caller: Principal;
  readonly action: string;
  readonly resource: string;
  readonly layers: Layers;
  readonly side: ResourceSide;
  readonly decision: Decision;
  readonly audit: boolean;
  readonly #context: Context;

  constructor({ requestId, within, trace }: DecidedCall, verdict: Verdict) {
    const { request, layers } = verdict;
    this.at = verdict.at;
    this.requestId = requestId;
    this.within = within;
    this.trace = trace;
    this.caller = request.caller;
    this.action = request.action;
    this.resource = request.resource;
    this.layers = layers;
    this.side = verdict.side;
    this.decision = verdict.decision;
    this.audit = verdict.audit;
    const keys = keysOf(layers, request.action);
    this.#context = keys.length === 0 ? NOTHING : request.context.only(keys);
  }

  get principal(): string {
    return this.caller.arn;
  }

  get role(): string | undefined {
    return this.caller.roleArn;
  }

  get outcome(): DecisionEvent['outcome'] {
    if (this.decision.allowed) return 'allowed';
    return this.audit ? 'would-refuse' : 'refused';
  }

  get by(): StatementName | undefined {
    const decider = this.decider;
    return decider && nameOf(decider);
  }

  get missing(): DecisionEvent['missing'] {
    return 'missing' in this.decision ? this.decision.missing : undefined;
  }

  get decider(): Decider | undefined {
    if (this.decision.allowed) return this.decision.by;
    return 'explicit' in this.decision ? this.decision.explicit : undefined;
  }

  /** What was asked; its context knows the keys that policies could have asked for. */
  get request(): AccessRequest {
    const { caller, action, resource } = this;
    const asked = { caller, action, resource, context: this.#context };
    return this.layers.boundary ? { ...asked, bounded: true } : asked;
  }

  /** Every statement of the service, and what of it did not fit. */
  considered(): Considered[] {
    return consider(this.request, this.layers);
  }

  toJSON(): DecisionEvent {
    const { type, at, requestId, within, trace, principal, role, action, resource, outcome, by, missing } =
      this;
    return { type, at, requestId, within, trace, principal, role, action, resource, outcome, by, missing };
  }
}

export function nameOf({ layer, policy, statement }: Decider): StatementName {
  // An empty Sid is as good as none.
  return { layer, policy: policy.name, statement: statement.sid || statement.index };
}
