import { AwsError, type Call } from '../../kernel';
import type { Collection } from '../../storage';

export type Usage = 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC' | 'KEY_AGREEMENT';

export interface Key {
  id: string;
  spec: string;
  usage: Usage;
  manager: 'CUSTOMER' | 'AWS';
  description: string;
  created: Date;
  enabled: boolean;
  /** When a key that waits for its deletion goes. */
  deletion?: Date;
  window?: number;
  multiRegion: boolean;
  policy: string;
  /** The number of the material that encrypts now; older ones still decrypt. */
  material: number;
  rotation?: { days: number; next: Date };
  rotations: { at: Date; type: 'AUTOMATIC' | 'ON_DEMAND' }[];
  tags: { TagKey: string; TagValue: string }[];
}

export interface Material {
  /** 64 hexadecimal digits, as AWS shows it. */
  id: string;
  /** Symmetric bytes, or a private key as PKCS #8. */
  secret: Uint8Array;
}

export interface Alias {
  name: string;
  key: string;
  created: Date;
  updated: Date;
}

export interface Grant {
  id: string;
  key: string;
  token: string;
  name?: string;
  grantee: string;
  retiring?: string;
  operations: string[];
  constraints?: {
    EncryptionContextSubset?: Record<string, string>;
    EncryptionContextEquals?: Record<string, string>;
  };
  created: Date;
  issuer: string;
}

export interface KmsState {
  keys: Collection<Key>;
  /** By (key, number). Nothing of it ever leaves the engine. */
  materials: Collection<Material>;
  aliases: Collection<Alias>;
  /** By (key, grant). */
  grants: Collection<Grant>;
}

export function stateOf(call: Call): KmsState {
  return {
    keys: call.store.collection('keys'),
    materials: call.store.collection('materials', { sealed: true }),
    aliases: call.store.collection('aliases'),
    grants: call.store.collection('grants'),
  };
}

export function keyArn(call: Call, id: string): string {
  return `arn:aws:kms:${call.region}:${call.account}:key/${id}`;
}

export function aliasArn(call: Call, name: string): string {
  return `arn:aws:kms:${call.region}:${call.account}:${name}`;
}

export function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message);
}

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function invalidMarker(): AwsError {
  return new AwsError('InvalidMarkerException', 'Could not deserialize marker');
}

/** A dry run gets as far as the work itself. */
export function refuseDryRun(dryRun: boolean | undefined): void {
  if (!dryRun) return;
  throw new AwsError(
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
  );
}
