import { distribution } from './cloudformation/distribution';
import { originAccessControl } from './cloudformation/origin-access-control';
import { originAccessIdentity } from './cloudformation/origin-access-identity';
import { cachePolicy, originRequestPolicy, responseHeadersPolicy } from './cloudformation/policies';

export default [
  distribution,
  originAccessControl,
  originAccessIdentity,
  cachePolicy,
  originRequestPolicy,
  responseHeadersPolicy,
];
