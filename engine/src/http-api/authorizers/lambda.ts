import type { Authorizer } from '@aws-sdk/client-apigatewayv2';
import { authorizerOf, type Exchange, matchOf } from '../exchange';
import { forbidden, internalError, unauthorized } from '../faults';
import { invokeFunction } from '../invoke';
import { select } from '../mapping';
import { decisionOf } from './lambda-answer';
import { authorizerEvent } from './lambda-event';
import { authorizerResults, type Decision } from './results';

/**
 * Asks a function who may come in. What it said is remembered for as long as the authorizer says, by what the identity
 * sources gave.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export async function lambda(exchange: Exchange): Promise<void> {
  const authorizer = authorizerOf(exchange);
  if (!authorizer) throw internalError('the route has no Lambda authorizer');
  const sources = authorizer.IdentitySource ?? [];
  const identity = sources.map((source) => select(exchange, source.slice(1)));
  // Whoever does not say who they are is not asked about.
  if (identity.some((value) => !value)) throw unauthorized();
  const decision = await decide(exchange, authorizer, identity as string[]);
  if (!decision.allows(exchange)) throw forbidden();
  exchange.authorized = {
    by: 'lambda',
    context: decision.context,
    ...(decision.principalId === undefined ? {} : { principalId: decision.principalId }),
  };
}

async function decide(exchange: Exchange, authorizer: Authorizer, identity: string[]): Promise<Decision> {
  const { deployed, host } = exchange;
  const { apiId } = deployed.snapshot;
  const ttl = (authorizer.AuthorizerResultTtlInSeconds ?? 0) * 1000;
  const results = authorizerResults(host);
  const key = `${apiId}/${deployed.stage.StageName}/${authorizer.AuthorizerId}/${JSON.stringify(identity)}`;
  const known = ttl > 0 ? results.get(key, host.clock.millis()) : undefined;
  if (known) return known;
  const event = authorizerEvent(exchange, authorizer, identity);
  const answer = await invokeFunction(exchange, {
    uri: authorizer.AuthorizerUri ?? '',
    event,
    sourceArn: `arn:aws:execute-api:${deployed.region}:${deployed.account}:${apiId}/authorizers/${authorizer.AuthorizerId}`,
    credentials: authorizer.AuthorizerCredentialsArn,
  });
  if (answer.failed !== undefined) {
    exchange.authorizerError = answer.failed;
    // A function that says so in its error knows the caller, and wants none of it.
    if (answer.errorMessage === 'Unauthorized') throw unauthorized();
    throw internalError(`Lambda authorizer: ${answer.failed}`);
  }
  const decision = decisionOf(authorizer, answer.payload);
  if (typeof decision === 'string') {
    exchange.authorizerError = decision;
    throw internalError(`Lambda authorizer of ${matchOf(exchange).route.RouteKey}: ${decision}`);
  }
  if (ttl > 0) results.put(key, decision, host.clock.millis() + ttl);
  return decision;
}
