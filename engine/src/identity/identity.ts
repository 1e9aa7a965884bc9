import type { Principal } from '../kernel/call';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** Who is who: access keys and sessions. IAM and STS write here, the gateway reads. */
export interface Identity {
  /** Issues temporary credentials that act as `principal` for `seconds`. */
  issueSession(principal: Principal, seconds: number): Credentials;
  /** Makes a long-lived key known (IAM's CreateAccessKey). */
  registerAccessKey(accessKeyId: string, secretAccessKey: string, principal: Principal): void;
  removeAccessKey(accessKeyId: string): void;
  /** The principal a role's session has: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  roleSession(roleArn: string, roleId: string, sessionName: string): Principal;
  /** A service as a caller, e.g. `lambda.amazonaws.com`. */
  servicePrincipal(service: string, account: string): Principal;
  /** The account's administrator: `test`/`test` of 000000000000. */
  root(account: string): Principal;
}
