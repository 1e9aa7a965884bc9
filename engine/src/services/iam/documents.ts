import { AwsError } from '../../kernel';
import {
  type PolicyDocument,
  type PolicyKind,
  PolicyProblem,
  parsePolicy,
} from '../../kernel/policy-document';
import { limitExceeded } from './errors';

/** Throws MalformedPolicyDocument where IAM would not take the document. */
export function checkDocument(document: string, kind: PolicyKind): PolicyDocument {
  try {
    return parsePolicy(document, kind);
  } catch (error) {
    if (error instanceof PolicyProblem) throw new AwsError('MalformedPolicyDocument', error.message);
    throw error;
  }
}

/** White space does not count against the size of a policy. */
export function sizeOf(document: string): number {
  return Buffer.byteLength(document.replace(/\s/g, ''));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export function checkTrustSize(document: string): void {
  if (sizeOf(document) > 2_048) throw limitExceeded('Cannot exceed quota for ACLSizePerRole: 2048');
}

/** Documents leave IAM percent-encoded after RFC 3986, which is stricter than encodeURIComponent. */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
