import type { Exchange } from '../exchange';

/**
 * What policies are asked about: the method and the path that were requested.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
 */
export function methodArn(exchange: Exchange): string {
  const { deployed } = exchange;
  return `arn:aws:execute-api:${deployed.region}:${deployed.account}:${methodPath(exchange)}`;
}

/** The same as refusals show it: of the account's number only the end. */
export function maskedMethodArn(exchange: Exchange): string {
  const { deployed } = exchange;
  const account = `${'*'.repeat(8)}${deployed.account.slice(8)}`;
  return `arn:aws:execute-api:${deployed.region}:${account}:${methodPath(exchange)}`;
}

function methodPath({ deployed, request, testedBy }: Exchange): string {
  // An authorizer that is tested without a method knows the stage by this name.
  const stage = testedBy ? 'ESTestInvoke-stage' : deployed.stage.stageName;
  return `${deployed.snapshot.apiId}/${stage}/${request.method}${request.path}`;
}
