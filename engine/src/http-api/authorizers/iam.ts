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
  const { deployed, host, request } = exchange;
  try {
    await host.parts.callers.permit({
      principal,
      needed: { action: 'execute-api:Invoke', resource: routeArn(exchange), owner: deployed.account },
      service: 'apigatewayv2',
      operation: 'Invoke',
      account: deployed.account,
      region: deployed.region,
      requestId: exchange.requestId,
      http: {
        method: request.method,
        url: request.url,
        host: request.headers.get('host') ?? '',
        headers: lowered(exchange),
        sourceIp: request.sourceIp,
        // On AWS nobody comes otherwise.
        secure: true,
      },
    });
  } catch (error) {
    throw refused(exchange, error);
  }
  exchange.authorized = { by: 'iam', principal };
}

function callerOf(exchange: Exchange): Principal | undefined {
  const { body, headers, method, url } = exchange.request;
  try {
    return exchange.host.parts.callers.identify({
      signingName: 'execute-api',
      method,
      url,
      headers: headers.entries,
      body,
    });
  } catch (error) {
    throw refused(exchange, error);
  }
}

function refused(exchange: Exchange, error: unknown): unknown {
  if (!isAwsError(error)) return error;
  exchange.authorizerError = error.message;
  return forbidden(error.message);
}

function lowered({ request }: Exchange): Record<string, string> {
  const all = Object.entries(request.headers.single());
  return Object.fromEntries(all.map(([name, value]) => [name.toLowerCase(), value]));
}
