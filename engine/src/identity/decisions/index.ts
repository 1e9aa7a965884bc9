export type { Advice, Grantee } from './advice';
export { Decided } from './decided';
export { DecisionLog } from './decision-log';
export { type ConsideredPolicy, type ConsideredStatement, type Explanation, explain } from './explain';
export { type Granted, type GrantUse, grantUses, unseenGrants } from './grants';
export { type Grant, smallestPolicy } from './smallest';
export { type Use, Uses, type UsesOfOne } from './uses';
