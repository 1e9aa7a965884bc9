import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Host } from '../../kernel';
import type { DomainTruststore } from '../domains';
import { certificateOf, type ShownCertificate, shownCertificate } from './certificates';
import { tellOfMissing } from './told';
import { Truststore } from './truststore';

/** Who showed a certificate. */
export interface TlsClient {
  certificate: ShownCertificate;
  /** Why it is not let in. */
  refusal: string | undefined;
}

/** What was found of each connection, and by which truststore. */
const known = new WeakMap<Socket, { by: string; client: TlsClient }>();

/**
 * The client at the other end of a connection; undefined where none showed a certificate, as over plain HTTP. A
 * connection is judged once, and again where the truststore was replaced since.
 */
export function clientOf(
  host: Host,
  domainName: string,
  { id, pem }: DomainTruststore,
  socket: Socket,
): TlsClient | undefined {
  const before = known.get(socket);
  if (before?.by === id) return before.client;
  const shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  if (!shown) {
    tellOfMissing(host, domainName);
    return undefined;
  }
  const certificate = certificateOf(shown);
  const client = {
    certificate: shownCertificate(certificate),
    refusal: truststoreOf(host, domainName, id, pem).refusal(certificate, host.clock.millis()),
  };
  known.set(socket, { by: id, client });
  return client;
}

/** Reading a thousand certificates takes a while: once per upload. */
function truststoreOf(host: Host, domainName: string, id: string, pem: () => string): Truststore {
  const all = host.memo(
    'execute-api.truststores',
    () => new Map<string, { id: string; truststore: Truststore }>(),
  );
  const read = all.get(domainName);
  if (read?.id === id) return read.truststore;
  const truststore = Truststore.parse(pem());
  all.set(domainName, { id, truststore });
  return truststore;
}
