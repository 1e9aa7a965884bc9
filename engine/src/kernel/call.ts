import type { Store } from '../storage';
import type { Host } from './host';

/** Who calls. */
export interface Principal {
  /** `federated-user` is whom GetFederationToken lets in; `federated` whom an identity provider vouches for. */
  type: 'root' | 'user' | 'assumed-role' | 'federated-user' | 'federated' | 'service' | 'anonymous';
  account: string;
  /** e.g. `arn:aws:sts::000000000000:assumed-role/R/session`; `dynamodb.amazonaws.com` for a service. */
  arn: string;
  /** What STS calls UserId: `AIDA…`, `AROA…:session` or the account id of root. */
  userId: string;
  accessKeyId?: string;
  /** Of a role's session: the role. */
  roleArn?: string;
  /** The services that call on its behalf, first to last; left out where it calls itself. */
  calledVia?: readonly string[];
  /** What was said when the session began. */
  session?: PrincipalSession;
  /**
   * Of a service: what it calls for. With one it is held against the resource's policy like anybody else, without one
   * the call is the engine's own plumbing, which nobody asks about on AWS.
   */
  source?: PrincipalSource;
  /** Where its requests come from, as far as that is known: of a function's own credentials. */
  origin?: PrincipalOrigin;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html */
export interface PrincipalOrigin {
  /** What identity policies know as lambda:SourceFunctionArn. */
  functionArn?: string;
  network?: PrincipalNetwork;
}

/** A place in a VPC. */
export interface PrincipalNetwork {
  account: string;
  region: string;
  vpc: string;
  /** Where it is in one of several, they are held to be alike. */
  subnets: readonly string[];
  /** Its security groups. */
  groups: readonly string[];
}

/**
 * What policies know as aws:SourceArn and aws:SourceAccount; what the service does not tell is left out.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export interface PrincipalSource {
  sourceArn?: string;
  sourceAccount?: string;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session */
export interface PrincipalSession {
  /** A policy that limits it. */
  policy?: string;
  policyArns?: readonly string[];
  tags?: Readonly<Record<string, string>>;
  /** Keys of the tags that the next role in a chain inherits. */
  transitive?: readonly string[];
  sourceIdentity?: string;
  /** When it began, in milliseconds since the epoch. */
  issued?: number;
  /** Of a federated user: the ARN of the user that let it in. */
  issuer?: string;
  /** Of who came with an identity provider's token: the provider, and what its token said. */
  provider?: string;
  claims?: Readonly<Record<string, string | readonly string[]>>;
}

/** What the HTTP request said beyond the operation's input; absent where a service calls another. */
export interface HttpContext {
  method: string;
  /** Path and query as they came, still encoded. */
  url: string;
  host: string;
  headers: Readonly<Record<string, string>>;
  sourceIp: string;
  secure: boolean;
}

/** What an operation may change of the response beyond its output. */
export interface ResponseOverrides {
  /** Instead of the model's, e.g. 206 or 304. */
  status?: number;
  headers: Record<string, string>;
}

/** One call of one operation: all that it may know of the world. */
export interface Call extends Host {
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly principal: Principal;
  readonly requestId: string;
  /** The request from outside that led to this call, where it is another. */
  readonly within?: string | undefined;
  /** As an X-Amzn-Trace-Id header says it: goes from a request to all that it leads to. */
  readonly trace?: string | undefined;
  readonly http: HttpContext | undefined;
  readonly response: ResponseOverrides;
  /** This service's state in this account and region. */
  readonly store: Store;
  /** This service's state in this account, the same in all regions (IAM, CloudFront). */
  readonly accountStore: Store;
  /** This service's state, the same for everybody (S3's bucket names). */
  readonly worldStore: Store;
}
