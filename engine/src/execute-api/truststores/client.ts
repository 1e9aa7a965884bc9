import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Host } from '../../kernel';
import type { DomainTruststore } from '../domains/domains';
import { type Certificate, certificateOf, type ShownCertificate, shownCertificate } from './certificates';
import { tellOfMissing } from './told';
import { Truststore } from './truststore';

/** Truststores. */
const MOST_REMEMBERED = 20;

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
  truststore: DomainTruststore,
  socket: Socket,
): TlsClient | undefined {
  const before = known.get(socket);
  if (before?.by === truststore.id) return before.client;
  const certificate = shownBy(socket);
  if (!certificate) {
    tellOfMissing(host, domainName);
    return undefined;
  }
  const client = {
    certificate: shownCertificate(certificate),
    refusal: truststoreOf(host, truststore).refusal(certificate, host.clock.millis()),
  };
  known.set(socket, { by: truststore.id, client });
  return client;
}

/** What makes no sense is none. */
function shownBy(socket: Socket): Certificate | undefined {
  const shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  try {
    return shown && certificateOf(shown);
  } catch {
    return undefined;
  }
}

/** Reading a thousand certificates takes a while: once per upload. */
function truststoreOf(host: Host, { id, pem }: DomainTruststore): Truststore {
  const all = host.memo('execute-api.truststores', () => new Map<string, Truststore>());
  let truststore = all.get(id);
  if (!truststore) {
    // Those that were replaced are among them.
    if (all.size >= MOST_REMEMBERED) all.clear();
    truststore = Truststore.parse(pem());
    all.set(id, truststore);
  }
  return truststore;
}
