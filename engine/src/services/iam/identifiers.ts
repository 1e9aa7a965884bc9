import { arn, type Call } from '../../kernel';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes */
export type Prefix = 'AROA' | 'AIDA' | 'AGPA' | 'AIPA' | 'ANPA' | 'AKIA' | 'ACCA';

export function newId(call: Call, prefix: Prefix): string {
  return prefix + call.ids.of(BASE32, prefix === 'AKIA' ? 16 : 17);
}

export function iamArn(call: Call, type: string, path: string, name: string): string {
  return arn('iam', '', call.account, `${type}${path}${name}`);
}
