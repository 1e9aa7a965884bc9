import { iam } from './authorizers/iam';
import { jwt } from './authorizers/jwt';
import { lambda } from './authorizers/lambda';
import type { Exchange, Stage } from './exchange';

const BY_TYPE: Readonly<Record<string, Stage>> = { AWS_IAM: iam, CUSTOM: lambda, JWT: jwt };

/**
 * Who may come in, as the route says.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
 */
export function authorize(exchange: Exchange): void | Promise<void> {
  const type = exchange.match?.route.AuthorizationType ?? 'NONE';
  return type === 'NONE' ? undefined : BY_TYPE[type]!(exchange);
}
