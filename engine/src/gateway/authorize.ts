import { Decided } from '../identity/decisions/decided';
import { type Decision, decide, type Layers, PolicyCache, refusal } from '../identity/policies';
import { Recent } from '../identity/recent';
import type { Access, Call, NamedPolicy, Needed, Principal, PrincipalPolicies, VpcEndpoint } from '../kernel';
import { AwsError } from '../kernel';
import { loadModel, type ServiceModel } from '../protocols';
import { contextOf } from './request-context';

/** `enforce` refuses what IAM would refuse, `audit` only says so in the log, `off` asks nobody. */
export type IamMode = 'enforce' | 'audit' | 'off';

export function isIamMode(text: string): text is IamMode {
  return text === 'enforce' || text === 'audit' || text === 'off';
}

type AnyAccess = (input: object, call: Call) => ReturnType<NonNullable<Access<'sts'>['AssumeRole']>>;

export interface AuthorizerOptions {
  mode: IamMode;
  /** What IAM says of a principal; it may have been told a moment ago. */
  policiesOf(principal: Principal, call: Call): Promise<PrincipalPolicies>;
  /** The VPC endpoint by which a request came. */
  endpointOf?(call: Call): Promise<VpcEndpoint | undefined>;
}

/** What a request says, and how it came. */
interface Asked {
  input: object;
  endpoint: VpcEndpoint | undefined;
}

/** What counts for a principal, ready to be asked. */
interface Known {
  policies: PrincipalPolicies;
  layers: Layers;
}

const MOST_KNOWN = 1000;

/** Holds calls against the policies that count for them. */
export class Authorizer {
  readonly #compiled = new PolicyCache();
  /** By access key or ARN, until IAM's state changes. Functions and services get new sessions all the time. */
  #known = new Recent<Known>(MOST_KNOWN);

  constructor(readonly options: AuthorizerOptions) {}

  /** IAM's state has changed. */
  forget(): void {
    // Another one: what is being read of IAM now is remembered in the one before.
    this.#known = new Recent<Known>(MOST_KNOWN);
  }

  /** Throws AWS's refusal where the caller may not make the call. */
  async check(
    call: Call,
    model: ServiceModel,
    access: Access<never> | undefined,
    input: object,
    /** The VPC endpoint by which the request is known to have come. */
    by?: VpcEndpoint,
  ): Promise<void> {
    if (!isSourced(call) && (this.options.mode === 'off' || isTrusted(call))) return;
    const needs = (access as Readonly<Record<string, AnyAccess>> | undefined)?.[call.operation];
    if (!needs) return;
    const needed = await needs(input, call);
    const known = await this.#policiesOf(call);
    const endpoint = by ?? (call.principal.origin?.network && (await this.options.endpointOf?.(call)));
    for (const one of Array.isArray(needed) ? (needed as readonly Needed[]) : [needed as Needed]) {
      this.#checkOne(call, model, one, known, { input, endpoint });
    }
  }

  /** Whether `call`'s principal would be let through; said in the log where not. */
  async allows(call: Call, needed: Needed): Promise<boolean> {
    if (this.options.mode === 'off') return true;
    let allowed = true;
    const refused = () => {
      allowed = false;
    };
    const known = await this.#policiesOf(call);
    this.#checkOne(call, loadModel('iam'), { ...needed, refused }, known, { input: {}, endpoint: undefined });
    return allowed;
  }

  #checkOne(call: Call, model: ServiceModel, needed: Needed, known: Known, asked: Asked): void {
    const request = {
      caller: needed.caller ?? call.principal,
      action: needed.action,
      resource: needed.resource,
      context: contextOf(call, needed, { ...asked, policies: known.policies }),
    };
    const side = {
      account: needed.owner ?? call.account,
      policy: needed.policy?.rule ?? ('sufficient' as const),
    };
    if (mayAlways(call, needed)) return;
    // What a request needs of other services, such as iam:PassRole, does not go by this one's endpoint.
    const endpoint = needed.action.startsWith(`${call.service}:`) ? asked.endpoint : undefined;
    const layers = this.#layers(known, needed, endpoint);
    const decision = decide(request, layers, side);
    const audit = this.options.mode !== 'enforce' && !isSourced(call);
    const at = call.clock.millis();
    call.parts.events.emit(new Decided(call, { at, request, layers, side, decision, audit }));
    if (decision.allowed) return;
    const sentence = needed.sentence ?? refusal(request, decision, needed.where);
    tell(call, sentence, decision, audit);
    if (audit) return;
    const error = refused(model, call, sentence, needed);
    if (!needed.refused) throw error;
    needed.refused(error);
  }

  #layers(known: Known, { policy, resource }: Needed, endpoint: VpcEndpoint | undefined): Layers {
    const text = policy?.text;
    const layers =
      text === undefined
        ? known.layers
        : { ...known.layers, resource: this.#compiled.get(policy?.of ?? resource, 'resource', text) };
    if (endpoint?.policy === undefined) return layers;
    return { ...layers, endpoint: this.#compiled.get(endpoint.id, 'resource', endpoint.policy) };
  }

  async #policiesOf(call: Call): Promise<Known> {
    const { principal } = call;
    if (principal.type === 'service' || principal.type === 'anonymous') return NOTHING;
    const name = principal.accessKeyId ?? principal.arn;
    const all = this.#known;
    let known = all.get(name);
    if (!known) {
      const policies = await this.options.policiesOf(principal, call);
      const compile = (policy: NamedPolicy) => this.#compiled.get(policy.name, 'identity', policy.text);
      known = {
        policies,
        layers: {
          identity: policies.identity.map(compile),
          ...(policies.boundary ? { boundary: compile(policies.boundary) } : {}),
          ...(policies.session ? { session: policies.session.map(compile) } : {}),
        },
      };
      all.set(name, known);
    }
    return known;
  }
}

/** Says a refusal in the log, and how to find out more of it. */
function tell(
  call: Call,
  sentence: string,
  decision: Exclude<Decision, { allowed: true }>,
  audit: boolean,
): void {
  const by = 'explicit' in decision ? decision.explicit : undefined;
  const where = by ? ` (statement ${by.statement.sid ?? by.statement.index} of ${by.policy.name})` : '';
  call.parts.events.emit({
    type: 'engine',
    at: call.clock.millis(),
    level: 'warn',
    message: `${audit ? 'AWS would refuse' : 'refused'}: ${sentence}${where}. See: tierkit explain ${call.requestId}`,
  });
}

/** Services and strangers have no policies of their own. */
const NOTHING: Known = { policies: { identity: [], tags: {} }, layers: { identity: [] } };

/**
 * A service that calls for something of a customer's. Whether the resource's policy lets it in is part of how things
 * are wired up, not of who may do what: it is always asked, whatever the mode.
 */
const isSourced = ({ principal }: Call): boolean => principal.source !== undefined;

/** Whose resources have policies that must allow, whoever calls. */
const HELD_BY_RESOURCE = new Set(['kms', 'sts']);

/**
 * The account's administrator at home, and the engine's own plumbing: a service without a source, which looks up what
 * it knows itself on AWS or may see by its service-linked role. Strangers are S3's to judge; those who come to STS bring
 * a token. Even the administrator is held against the policies of buckets, keys and roles:
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 */
function isTrusted({ principal, service, account }: Call): boolean {
  if (principal.type === 'root') {
    return principal.account === account && !HELD_BY_RESOURCE.has(service) && service !== 's3';
  }
  return principal.type === 'service' || (principal.type === 'anonymous' && service === 's3');
}

const POLICY_OF_BUCKET = new Set(['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy']);

/**
 * A bucket's policy binds its account's administrator too, who can always change it: nobody is locked out for good.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
 */
function mayAlways({ principal }: Call, { action, owner }: Needed): boolean {
  return principal.type === 'root' && principal.account === owner && POLICY_OF_BUCKET.has(action);
}

function refused(model: ServiceModel, call: Call, sentence: string, needed: Needed): AwsError {
  if (call.service === 'ec2') {
    return new AwsError(
      'UnauthorizedOperation',
      `You are not authorized to perform this operation. ${sentence}`,
      {
        status: 403,
      },
    );
  }
  if (call.service === 's3') {
    const { resource, owner } = needed;
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
    if ((owner !== undefined && owner !== call.principal.account) || call.principal.type === 'service')
      return new AwsError('AccessDenied', 'Access Denied', { status: 403 });
    const quoted = sentence.replace(`on resource: ${resource}`, () => `on resource: "${resource}"`);
    return new AwsError('AccessDenied', quoted, { status: 403 });
  }
  const json = /json|cbor/i.test(model.protocol);
  return new AwsError(json ? 'AccessDeniedException' : 'AccessDenied', sentence, {
    status: json && model.protocol !== 'restJson1' ? 400 : 403,
  });
}
