import type { Call } from './call';
import type { Input, OperationName, ServiceName } from './operations';

type KeyValue = string | readonly string[] | undefined | (() => readonly string[] | undefined);

/** One permission that a call needs. */
export interface Needed {
  /** As policies name it: `dynamodb:GetItem`. */
  action: string;
  /** The ARN it is needed on; `*` for actions that know no resources. */
  resource: string;
  /** The service's own condition keys, with their values in this request; functions are called if a policy asks. */
  keys?: Readonly<Record<string, KeyValue>>;
  /** The resource's tags; read only when a policy asks for them. */
  tags?: () => Readonly<Record<string, string>> | undefined;
  /** The resource's own policy, and whether it must allow or may. */
  policy?: { text: string | undefined; rule: 'sufficient' | 'required' };
  /** The account the resource belongs to; the caller's if left out. */
  owner?: string;
}

/**
 * What each operation of a service needs. One that is left out needs nothing, so every operation must be here: a test
 * holds the table against the service's operations.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export type Access<S extends ServiceName> = {
  [O in OperationName<S>]?: (input: Input<S, O>, call: Call) => Needed | readonly Needed[];
};

/** A policy's document under its ARN, or an inline one's name. */
export interface NamedPolicy {
  name: string;
  text: string;
}

/** All that IAM has to say of a principal. */
export interface PrincipalPolicies {
  identity: readonly NamedPolicy[];
  boundary?: NamedPolicy;
  session?: readonly NamedPolicy[];
  /** Its tags, and its session's over them. */
  tags: Readonly<Record<string, string>>;
}
