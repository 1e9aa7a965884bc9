import { type Exchange, routeOf } from '../exchange';

/**
 * What API Gateway says that it calls for: `arn:aws:execute-api:region:account:api/stage/METHOD/path`, with `*` for the
 * path's variables.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
 */
export function sourceArn(exchange: Exchange): string {
  const { deployed, request } = exchange;
  const path = routeOf(exchange).resource.path.replace(/\{[^}]*\}/g, '*');
  const api = `${deployed.snapshot.apiId}/${deployed.stage.stageName}/${request.method}${path}`;
  return `arn:aws:execute-api:${deployed.region}:${deployed.account}:${api}`;
}
