import type { Decision, Layer } from './decide';
import type { AccessRequest } from './statement';

const LAYER: Readonly<Record<Layer, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
};

/**
 * The sentence of a refusal.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function refusal(request: AccessRequest, decision: Exclude<Decision, { allowed: true }>): string {
  const { caller, action, resource } = request;
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  const head = `User: ${caller.arn} is not authorized to perform: ${action}${on}`;
  if ('explicit' in decision) return `${head} with an explicit deny in ${article(decision.explicit.layer)}`;
  return `${head} because no ${LAYER[decision.missing]} allows the ${action} action`;
}

const article = (layer: Layer): string => `${layer === 'identity' ? 'an' : 'a'} ${LAYER[layer]}`;
