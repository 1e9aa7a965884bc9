import { isAwsError, type Principal } from '../../kernel';
import { methodArn } from '../authorizers/method-arn';
import type { Exchange } from '../exchange';
import type { HeaderList } from '../headers';

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
  const { deployed, host, request, requestId } = exchange;
  try {
    const principal = exchange.caller ?? signer(exchange);
    if (principal?.account !== deployed.account) return false;
    await host.parts.callers.permit({
      principal,
      needed: {
        action: 'execute-api:InvalidateCache',
        resource: methodArn(exchange),
        owner: deployed.account,
      },
      service: 'apigateway',
      operation: 'InvalidateCache',
      account: deployed.account,
      region: deployed.region,
      requestId,
      http: {
        method: request.method,
        url: request.url ?? '',
        host: request.headers.get('host') ?? '',
        headers: Object.fromEntries(
          Object.entries(request.headers.single()).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        sourceIp: request.sourceIp,
        // APIs have no door for plain HTTP.
        secure: true,
      },
    });
    return true;
  } catch (error) {
    if (isAwsError(error) && (error.status ?? 400) < 500) return false;
    throw error;
  }
}

function signer({ host, request }: Exchange): Principal | undefined {
  const { body, headers, method, url = '' } = request;
  return host.parts.callers.identify({
    signingName: 'execute-api',
    method,
    url,
    headers: headers.entries,
    body,
  });
}
