import type { Decision, Layer } from './decide';
import type { AccessRequest } from './statement';

const LAYER: Readonly<Record<Layer, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  endpoint: 'VPC endpoint policy',
};

/**
 * The sentence of a refusal. `where` stands for the resource where a service does not name it by its ARN.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function refusal(
  request: AccessRequest,
  decision: Exclude<Decision, { allowed: true }>,
  where = request.resource === '*' ? '' : `on resource: ${request.resource}`,
): string {
  const { caller, action } = request;
  const head = `User: ${caller.arn} is not authorized to perform: ${action}${where && ` ${where}`}`;
  if (where === OF_CIPHERTEXT && layerOf(decision) === 'resource') return `${head} ${UNKNOWN_KEY}`;
  if ('explicit' in decision) {
    const { layer } = decision.explicit;
    return `${head} with an explicit deny in ${layer === 'resource' && isTrust(action) ? 'the role trust policy' : article(layer)}`;
  }
  // What a role's trust policy leaves out is refused without a reason.
  if (decision.missing === 'resource' && isTrust(action)) return head;
  return `${head} because no ${LAYER[decision.missing]} allows the ${action} action`;
}

/** Where a ciphertext alone says which key is meant, KMS does not tell what it knows of it. */
const OF_CIPHERTEXT = 'on the resource associated with this ciphertext';
const UNKNOWN_KEY =
  'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access';

const layerOf = (decision: Exclude<Decision, { allowed: true }>): Layer =>
  'explicit' in decision ? decision.explicit.layer : decision.missing;

const isTrust = (action: string): boolean => action.startsWith('sts:');

const article = (layer: Layer): string => `${layer === 'identity' ? 'an' : 'a'} ${LAYER[layer]}`;
