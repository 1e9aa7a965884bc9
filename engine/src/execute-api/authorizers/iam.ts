import { isAwsError, type Principal } from '../../kernel';
import type { Exchange } from '../exchange';
import { Fault, missingToken, noSignature, notAuthorized } from '../faults';
import { permit } from '../signed-caller';
import { signer } from '../signer';
import { policyDecision, refusedByPolicy } from '../stages/resource-policy';
import { maskedMethodArn, methodArn } from './method-arn';

/**
 * Who signs may call if their policies allow `execute-api:Invoke` on the method.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
 */
export async function iam(exchange: Exchange): Promise<void> {
  const caller = callerOf(exchange);
  if (!caller) throw missingToken();
  exchange.caller = caller;
  // A denial of the API's own binds everybody, those too whom no other policy is asked about.
  const own = policyDecision(exchange, caller);
  if (own && !own.allowed && 'explicit' in own) throw refusedByPolicy(exchange, caller, own);
  const { apiId, policy } = exchange.deployed.snapshot;
  try {
    await permit(exchange, {
      principal: caller,
      service: 'apigateway',
      operation: 'Invoke',
      needed: {
        action: 'execute-api:Invoke',
        resource: methodArn(exchange),
        ...(policy === undefined ? {} : { policy: { text: policy, rule: 'sufficient', of: apiId } }),
        where: `on resource: ${maskedMethodArn(exchange)}`,
      },
    });
  } catch (error) {
    throw isAwsError(error, 'AccessDeniedException') ? notAuthorized(error.message) : error;
  }
}

function callerOf(exchange: Exchange): Principal | undefined {
  const { headers, url = '' } = exchange.request;
  const authorization = headers.get('authorization');
  if (authorization && !authorization.startsWith('AWS4-')) throw noSignature(authorization);
  const caller = signer(exchange);
  if (caller) checkRegion(exchange, authorization ?? url);
  return caller;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
function checkRegion({ deployed }: Exchange, scoped: string): void {
  const region = /Credential=[^/%]+(?:\/|%2F)\d{8}(?:\/|%2F)([\w-]+)/i.exec(scoped)?.[1];
  if (region === deployed.region) return;
  throw new Fault('INVALID_SIGNATURE', 'Credential should be scoped to a valid region. ', {
    errorType: 'InvalidSignatureException',
  });
}
