import type { Stage } from './exchange';
import { apiKey } from './stages/api-key';
import { authorize } from './stages/authorize';
import { cache, remember } from './stages/cache';
import { decompress } from './stages/decompress';
import { domainPolicy } from './stages/domain-policy';
import { endpoint } from './stages/endpoint';
import { endpointPolicy } from './stages/endpoint-policy';
import { integrate } from './stages/integrate';
import { mutualTls } from './stages/mutual-tls';
import { resourcePolicy } from './stages/resource-policy';
import { route } from './stages/route';
import { started } from './stages/started';
import { throttle } from './stages/throttle';
import { validate } from './stages/validate';
import { waf } from './stages/waf';

/**
 * A request's way through API Gateway, in order. A stage that is added (WAF, authorizer, throttle,
 * cache, logs) is a file of its own and a line here, at its place.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
 */
export const stages: readonly Stage[] = [
  mutualTls,
  endpoint,
  domainPolicy,
  waf,
  route,
  endpointPolicy,
  resourcePolicy,
  authorize,
  apiKey,
  throttle,
  started,
  decompress,
  validate,
  cache,
  integrate,
  remember,
];
