import { isAwsError, type Principal } from '../../kernel';
import type { Exchange } from '../exchange';
import { Fault, missingToken, noSignature, notAuthorized } from '../faults';
import { policyDecision, refusedByPolicy } from '../resource-policy';
import { maskedMethodArn, methodArn } from './method-arn';

/**
 * Who signs may call if their policies allow `execute-api:Invoke` on the method.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
 */
export async function iam(exchange: Exchange): Promise<void> {
  const caller = signerOf(exchange);
  if (!caller) throw missingToken();
  exchange.caller = caller;
  // A denial of the API's own binds everybody, those too whom no other policy is asked about.
  const own = policyDecision(exchange, caller);
  if (own && !own.allowed && 'explicit' in own) throw refusedByPolicy(exchange, caller, own);
  const { deployed, host, request, requestId } = exchange;
  const { apiId, policy } = deployed.snapshot;
  try {
    await host.parts.callers.permit({
      principal: caller,
      needed: {
        action: 'execute-api:Invoke',
        resource: methodArn(exchange),
        owner: deployed.account,
        ...(policy === undefined ? {} : { policy: { text: policy, rule: 'sufficient', of: apiId } }),
        where: `on resource: ${maskedMethodArn(exchange)}`,
      },
      service: 'apigateway',
      operation: 'Invoke',
      account: deployed.account,
      region: deployed.region,
      requestId,
      http: {
        method: request.method,
        url: request.url ?? '',
        host: request.headers.get('host') ?? '',
        headers: lowered(exchange),
        sourceIp: request.sourceIp,
        // APIs have no door for plain HTTP.
        secure: true,
      },
    });
  } catch (error) {
    throw isAwsError(error, 'AccessDeniedException') ? notAuthorized(error.message) : error;
  }
}

function signerOf(exchange: Exchange): Principal | undefined {
  const { host, request } = exchange;
  const { body, headers, method, url = '' } = request;
  const authorization = headers.get('authorization');
  if (authorization && !authorization.startsWith('AWS4-')) throw noSignature(authorization);
  let signer: Principal | undefined;
  try {
    signer = host.parts.callers.identify({
      signingName: 'execute-api',
      method,
      url,
      headers: headers.entries,
      body,
    });
  } catch (error) {
    if (!isAwsError(error)) throw error;
    const type = error.code === 'ExpiredTokenException' ? 'EXPIRED_TOKEN' : 'INVALID_SIGNATURE';
    throw new Fault(type, error.message, { errorType: error.code });
  }
  if (signer) checkRegion(exchange, authorization ?? url);
  return signer;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
function checkRegion({ deployed }: Exchange, scoped: string): void {
  const region = /Credential=[^/%]+(?:\/|%2F)\d{8}(?:\/|%2F)([\w-]+)/i.exec(scoped)?.[1];
  if (region === deployed.region) return;
  throw new Fault('INVALID_SIGNATURE', 'Credential should be scoped to a valid region. ', {
    errorType: 'InvalidSignatureException',
  });
}

function lowered({ request }: Exchange): Record<string, string> {
  const all = Object.entries(request.headers.single());
  return Object.fromEntries(all.map(([name, value]) => [name.toLowerCase(), value]));
}
