import { AwsError, type Call } from '../../kernel';
import type { Tag } from '../../kernel/tags';
import type { Collection } from '../../storage';

export interface RotationRules {
  AutomaticallyAfterDays?: number;
  Duration?: string;
  ScheduleExpression?: string;
}

export interface Rotation {
  lambda: string;
  rules: RotationRules;
  enabled: boolean;
  /** When it was set up as it is. */
  since?: Date;
  /** When it was last tried, and when it last went well. */
  attempted?: Date;
  last?: Date;
}

export interface Secret {
  name: string;
  arn: string;
  description?: string;
  kmsKeyId?: string;
  created: Date;
  changed: Date;
  accessed?: Date;
  /** When its deletion was asked for, and when it goes. */
  deleted?: Date;
  deletion?: Date;
  rotation?: Rotation;
  policy?: string;
  tags: Tag[];
  /** Counts versions, so that they can be told in the order they were made. */
  versions: number;
}

export interface Version {
  id: string;
  order: number;
  created: Date;
  accessed?: Date;
  stages: string[];
  /** Sealed; undefined where a rotation has made the version and not filled it yet. */
  sealed?: { kind: 'string' | 'binary'; blob: Uint8Array; keyId?: string };
}

export interface State {
  secrets: Collection<Secret>;
  /** By (secret name, version id). */
  versions: Collection<Version>;
}

/** What has the secrets of an account and region. */
type Stored = Pick<Call, 'store'>;

export function stateOf(call: Stored): State {
  return { secrets: call.store.collection('secrets'), versions: call.store.collection('versions') };
}

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';
export const PENDING = 'AWSPENDING';

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function notFound(message = "Secrets Manager can't find the specified secret."): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function invalidToken(): AwsError {
  return new AwsError('InvalidNextTokenException', 'The provided NextToken value is not valid.');
}

/** A secret whose waiting time is over is gone. */
export function load(call: Call, name: string): Secret | undefined {
  const secret = stateOf(call).secrets.get(name);
  if (!secret?.deletion || secret.deletion.getTime() > call.clock.millis()) return secret;
  forget(call, name);
  return undefined;
}

export function forget(call: Call, name: string): void {
  const state = stateOf(call);
  call.store.transaction(() => {
    state.secrets.remove(name);
    state.versions.clear({ prefix: name });
  });
}

/**
 * A secret by its name, its ARN, or its ARN without the six characters behind the name. What looks like a complete
 * ARN is taken for one: https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
export function find(call: Call, id: string): Secret {
  const prefix = `arn:aws:secretsmanager:${call.region}:${call.account}:secret:`;
  if (!id.startsWith('arn:')) {
    const secret = load(call, id);
    if (secret) return secret;
    throw notFound();
  }
  if (!id.startsWith(prefix)) throw notFound();
  const rest = id.slice(prefix.length);
  const complete = /-[A-Za-z0-9]{6}$/.test(rest);
  const secret = load(call, complete ? rest.slice(0, -7) : rest);
  if (!secret || (complete && secret.arn !== id)) throw notFound();
  return secret;
}

/** A secret that is not waiting for its deletion. */
export function findLive(call: Call, id: string): Secret {
  const secret = find(call, id);
  if (secret.deleted) {
    throw invalidRequest(
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }
  return secret;
}

export function versionsOf(call: Stored, name: string): Version[] {
  return [...stateOf(call).versions.values({ prefix: name })].sort((a, b) => a.order - b.order);
}

export function versionWith(call: Stored, name: string, stage: string): Version | undefined {
  return versionsOf(call, name).find(({ stages }) => stages.includes(stage));
}
