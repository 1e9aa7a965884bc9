import { apiKey } from './api-key';
import { endpoint } from './endpoint';
import type { Stage } from './exchange';
import { integrate } from './integrate';
import { resourcePolicy } from './resource-policy';
import { route } from './route';
import { validate } from './validate';

/**
 * A request's way through API Gateway, in order. A stage that is added (WAF, authorizer, throttle,
 * cache, logs) is a file of its own and a line here, at its place.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
 */
export const stages: readonly Stage[] = [endpoint, route, resourcePolicy, apiKey, validate, integrate];
