import { permit, signerOf } from '../../execute-api/signed-caller';
import { isAwsError, type Principal } from '../../kernel';
import type { Exchange } from '../exchange';
import { forbidden } from '../faults';
import { routeArn } from './route-arn';

/**
 * Who signs may come in if their policies allow `execute-api:Invoke`. Whatever is wrong, the answer is the same.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
 */
export async function iam(exchange: Exchange): Promise<void> {
  const principal = callerOf(exchange);
  if (!principal) throw forbidden();
  try {
    await permit(exchange, {
      principal,
      service: 'apigatewayv2',
      operation: 'Invoke',
      needed: { action: 'execute-api:Invoke', resource: routeArn(exchange) },
    });
  } catch (error) {
    throw refused(exchange, error);
  }
  exchange.authorized = { by: 'iam', principal };
}

function callerOf(exchange: Exchange): Principal | undefined {
  try {
    return signerOf(exchange);
  } catch (error) {
    throw refused(exchange, error);
  }
}

function refused(exchange: Exchange, error: unknown): unknown {
  if (!isAwsError(error)) return error;
  exchange.authorizerError = error.message;
  return forbidden(error.message);
}
