import { type Exchange, matchOf } from '../exchange';
import { pathOf } from '../router';

const api = ({ deployed }: Exchange) =>
  `arn:aws:execute-api:${deployed.region}:${deployed.account}:${deployed.snapshot.apiId}/${deployed.stage.StageName}`;

/**
 * What policies are asked about: the method and the path that were requested.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
 */
export function routeArn(exchange: Exchange): string {
  const { method, path } = exchange.request;
  return `${api(exchange)}/${method}${path}`;
}

/** What an integration is called for: the route as it was written, with its variables in braces. */
export function integrationArn(exchange: Exchange): string {
  const key = matchOf(exchange).route.RouteKey ?? '';
  const path = pathOf(key);
  return path === undefined
    ? `${api(exchange)}/$default`
    : `${api(exchange)}/${exchange.request.method}${path}`;
}
