import type { Cors } from '@aws-sdk/client-apigatewayv2';
import { badRequest } from '../errors';

const METHOD = /^(\*|GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS)$/;
const ORIGIN = /^(\*|https?:\/\/(\*|[^\s/?#]+))$|^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]*$/i;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html */
export function checkCors(cors: Cors): void {
  const {
    AllowCredentials,
    AllowHeaders = [],
    AllowMethods = [],
    AllowOrigins = [],
    ExposeHeaders = [],
  } = cors;
  for (const method of AllowMethods) {
    if (!METHOD.test(method)) throw badRequest(`Invalid HTTP method in CORS configuration: ${method}`);
  }
  for (const origin of AllowOrigins) {
    if (!ORIGIN.test(origin)) throw badRequest(`Invalid origin in CORS configuration: ${origin}`);
  }
  for (const header of [...AllowHeaders, ...ExposeHeaders]) {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(header))
      throw badRequest(`Invalid header in CORS configuration: ${header}`);
  }
  if (AllowCredentials && AllowOrigins.includes('*'))
    throw badRequest('AllowCredentials is not supported for wildcard origins');
  if (AllowCredentials && (AllowHeaders.includes('*') || AllowMethods.includes('*')))
    throw badRequest('AllowCredentials is not supported for wildcard headers or methods');
}
