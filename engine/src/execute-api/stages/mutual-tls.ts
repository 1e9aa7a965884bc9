import type { Exchange } from '../exchange';
import { Fault } from '../faults';

/**
 * Who came by a custom domain with mutual TLS and showed a certificate that its truststore does not lead to. Who showed
 * none at all was never let in.
 * https://repost.aws/knowledge-center/api-gateway-mutual-tls-403-errors
 */
export function mutualTls({ request }: Exchange): void {
  const refusal = request.tlsClient?.refusal;
  if (refusal === undefined) return;
  throw new Fault('ACCESS_DENIED', 'Forbidden', {
    errorType: 'ForbiddenException',
    reason: `Access denied. Reason: ${refusal}`,
  });
}
