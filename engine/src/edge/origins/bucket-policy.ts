import { Context, decide, PolicyCache } from '../../identity/policies';
import type { Principal } from '../../kernel';

/** Who asks for an object, as a bucket policy names him, and the condition keys of his request. */
export interface Asker {
  principal: Principal;
  context: Readonly<Record<string, string>>;
}

const policies = new PolicyCache();

/**
 * Whether a bucket policy lets `asker` do `action` on `resource`: a matching Allow and no matching Deny.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function policyAllows(
  text: string | undefined,
  asker: Asker,
  action: string,
  resource: string,
): boolean {
  if (text === undefined) return false;
  const context = new Context();
  for (const [key, value] of Object.entries(asker.context)) context.set(key, value);
  const request = { caller: asker.principal, action, resource, context };
  const layers = { identity: [], resource: policies.get('bucket policy', 'resource', text) };
  return decide(request, layers, { account: asker.principal.account, policy: 'sufficient' }).allowed;
}
