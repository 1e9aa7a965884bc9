import { parseArn } from './arn';
import type { Call, Principal } from './call';
import type { AwsError } from './errors';
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
  /**
   * Keys that name something, by what stands before the name: `rds:req-tag/`. Of every service there is
   * `<service>:ResourceTag/` already.
   */
  families?: Readonly<Record<string, (name: string) => string | undefined>>;
  /** The resource's tags; read only when a policy asks for them. */
  tags?: () => Readonly<Record<string, string>> | undefined;
  /** What AWS's refusals say in place of `on resource: <the ARN>`; empty where they name no resource. */
  where?: string;
  /** The resource's own policy, and whether it must allow or may. */
  policy?: {
    text: string | undefined;
    rule: 'sufficient' | 'required';
    /** The ARN it hangs on, where that is not the resource's own: a bucket's policy counts for its objects. */
    of?: string;
  };
  /** The account the resource belongs to; the caller's if left out. */
  owner?: string;
  /** Who is held against it, where that is not who signed the request: whom an identity provider vouches for. */
  caller?: Principal;
  /** The whole of the refusal, where AWS does not say it as elsewhere. */
  sentence?: string;
  /** Takes the refusal where this is a part of the request only, and the rest goes on (DeleteObjects' keys). */
  refused?: (error: AwsError) => void;
}

/**
 * What each operation of a service needs. One that is left out needs nothing, so every operation must be here: a test
 * holds the table against the service's operations.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export type Access<S extends ServiceName> = {
  [O in OperationName<S>]?: (input: Input<S, O>, call: Call) => Needs | Promise<Needs>;
};

type Needs = Needed | readonly Needed[];

/**
 * What handing a role to a service needs besides the operation's own permission.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export function passRole(call: Call, roleArn: string, service: string): Needed {
  return {
    action: 'iam:PassRole',
    resource: roleArn,
    keys: { 'iam:PassedToService': service },
    owner: parseArn(roleArn)?.account ?? call.account,
  };
}

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
