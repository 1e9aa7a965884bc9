import { isAwsError } from '../../kernel';
import { methodArn } from '../authorizers/method-arn';
import type { Exchange } from '../exchange';
import type { HeaderList } from '../headers';
import { permit, signerOf } from '../signed-caller';

/** A client that does not want a cached response says so: `Cache-Control: max-age=0`. */
export function wantsFresh(headers: HeaderList): boolean {
  const given = headers.get('cache-control');
  return given?.split(',').some((directive) => /^\s*max-age\s*=\s*0+\s*$/i.test(directive)) ?? false;
}

/**
 * Whether the policies of who signed the request let them take entries out of the cache. Those of other accounts never
 * may.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html#invalidate-method-caching
 */
export async function mayInvalidate(exchange: Exchange): Promise<boolean> {
  const { account } = exchange.deployed;
  try {
    const principal = exchange.caller ?? signerOf(exchange);
    if (principal?.account !== account) return false;
    await permit(exchange, {
      principal,
      service: 'apigateway',
      operation: 'InvalidateCache',
      needed: { action: 'execute-api:InvalidateCache', resource: methodArn(exchange) },
    });
    return true;
  } catch (error) {
    if (isAwsError(error) && (error.status ?? 400) < 500) return false;
    throw error;
  }
}
