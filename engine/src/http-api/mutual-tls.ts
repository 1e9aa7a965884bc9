import type { Exchange } from './exchange';
import { forbidden } from './faults';

/**
 * Who came by a custom domain with mutual TLS and showed a certificate that its truststore does not lead to.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mutual-tls.html
 */
export function mutualTls({ request }: Exchange): void {
  const refusal = request.tlsClient?.refusal;
  if (refusal !== undefined) throw forbidden(`Access denied. Reason: ${refusal}`);
}
