import { apiKey } from './api-key';
import { authorize } from './authorize';
import { cache, remember } from './cache';
import { decompress } from './decompress';
import { domainPolicy } from './domain-policy';
import { endpoint } from './endpoint';
import { endpointPolicy } from './endpoint-policy';
import type { Stage } from './exchange';
import { integrate } from './integrate';
import { mutualTls } from './mutual-tls';
import { resourcePolicy } from './resource-policy';
import { route } from './route';
import { started } from './started';
import { throttle } from './throttle';
import { validate } from './validate';
import { waf } from './waf';

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
