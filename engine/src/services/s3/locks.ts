import type { Call } from '../../kernel';
import { invalidArgument, invalidRequest, objectLocked } from './errors';
import type { Bucket, ObjectVersion, Retention } from './records';

export interface LockInput {
  ObjectLockMode?: string | undefined;
  ObjectLockRetainUntilDate?: Date | undefined;
  ObjectLockLegalHoldStatus?: string | undefined;
}

const DAY = 86_400_000;

/** The lock a new version gets: what the request asks for, or else the bucket's default. */
export function locksFor(
  call: Call,
  bucket: Bucket,
  input: LockInput,
): Pick<ObjectVersion, 'retention' | 'legalHold'> {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = input;
  if ((mode ?? until ?? hold) !== undefined && !bucket.objectLock) {
    throw invalidRequest('Bucket is missing Object Lock Configuration');
  }
  if ((mode === undefined) !== (until === undefined)) {
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      mode === undefined ? 'x-amz-object-lock-mode' : 'x-amz-object-lock-retain-until-date',
    );
  }
  if (hold !== undefined && hold !== 'ON' && hold !== 'OFF') {
    throw invalidArgument("Legal Hold must be either of 'ON' or 'OFF'", 'x-amz-object-lock-legal-hold', hold);
  }
  const retention = mode !== undefined && until ? retentionOf(call, mode, until) : byDefault(call, bucket);
  return { ...(retention ? { retention } : {}), ...(hold ? { legalHold: hold } : {}) };
}

export function retentionOf(call: Call, mode: string, until: Date): Retention {
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') {
    throw invalidArgument('Unknown wormMode directive.', 'x-amz-object-lock-mode', mode);
  }
  if (until.getTime() <= call.clock.millis()) {
    throw invalidArgument(
      'The retain until date must be in the future!',
      'x-amz-object-lock-retain-until-date',
      until.toISOString(),
    );
  }
  return { mode, until: until.getTime() };
}

function byDefault(call: Call, bucket: Bucket): Retention | undefined {
  const rule = bucket.objectLock?.rule?.DefaultRetention;
  if (!rule?.Mode) return undefined;
  const days = rule.Days ?? (rule.Years ?? 0) * 365;
  return { mode: rule.Mode, until: call.clock.millis() + days * DAY };
}

/** Throws where a lock forbids removing a version, or loosening its lock. */
export function checkUnlocked(call: Call, version: ObjectVersion, bypass: boolean | undefined): void {
  if (version.legalHold === 'ON') throw objectLocked();
  const { retention } = version;
  if (!retention || retention.until <= call.clock.millis()) return;
  if (retention.mode === 'GOVERNANCE' && bypass) return;
  throw objectLocked();
}

export function lockMembers(version: Pick<ObjectVersion, 'retention' | 'legalHold'>) {
  return {
    ...(version.retention
      ? {
          ObjectLockMode: version.retention.mode,
          ObjectLockRetainUntilDate: new Date(version.retention.until),
        }
      : {}),
    ...(version.legalHold ? { ObjectLockLegalHoldStatus: version.legalHold } : {}),
  };
}
