import { AwsError, type Call } from '../../kernel';
import type { Collection } from '../../storage';

export type ParameterType = 'String' | 'StringList' | 'SecureString';
export type Tier = 'Standard' | 'Advanced';

export interface Version {
  version: number;
  type: ParameterType;
  /** Of a SecureString, what KMS made of it, in base64. */
  value: string;
  keyId?: string;
  description?: string;
  allowedPattern?: string;
  dataType: string;
  tier: Tier;
  modified: Date;
  modifiedBy: string;
  labels: string[];
}

export interface Parameter {
  name: string;
  /** The newest version's number; numbers are never used twice. */
  latest: number;
  tags: { Key: string; Value: string }[];
}

export interface SsmState {
  parameters: Collection<Parameter>;
  /** By (name, number). */
  versions: Collection<Version>;
}

export function stateOf(call: Call): SsmState {
  return { parameters: call.store.collection('parameters'), versions: call.store.collection('versions') };
}

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** AWS says no word about a parameter that is not there but the code. */
export function notFound(): AwsError {
  return new AwsError('ParameterNotFound', '');
}

export function invalidToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The specified token is not valid.');
}

export function arnOf(call: Call, name: string): string {
  return `arn:aws:ssm:${call.region}:${call.account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}

export function newest(call: Call, name: string): { parameter: Parameter; version: Version } | undefined {
  const state = stateOf(call);
  const parameter = state.parameters.get(name);
  const version = parameter && state.versions.get([name, parameter.latest]);
  return version && { parameter, version };
}
