import type { MutualTlsAuthentication, MutualTlsAuthenticationInput } from '@aws-sdk/client-apigatewayv2';
import type { Call } from '../../kernel';
import { badRequest } from './errors';
import { domainTables } from './store';

/** A truststore to be, and how it is shown. */
export interface NewTruststore {
  shown: MutualTlsAuthentication;
  pem: string;
}

/**
 * Reads the truststore that a request names; undefined where it turns mutual TLS off. What it leaves out stays as it
 * was, but a version belongs to its object.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mutual-tls.html
 */
export async function newTruststore(
  call: Call,
  given: MutualTlsAuthenticationInput,
  before: MutualTlsAuthentication = {},
): Promise<NewTruststore | undefined> {
  const uri = given.TruststoreUri ?? before.TruststoreUri;
  if (uri === undefined) throw badRequest('A truststore URI must be provided for mutual TLS.');
  if (uri === '') return undefined;
  const kept = uri === before.TruststoreUri ? before.TruststoreVersion : undefined;
  const version = (given.TruststoreVersion ?? kept) || undefined;
  const { readTruststore } = await import('../../execute-api/truststores/read');
  const { pem, warnings } = await readTruststore(call, uri, version);
  return {
    pem,
    shown: {
      TruststoreUri: uri,
      ...(version !== undefined && { TruststoreVersion: version }),
      ...(warnings.length > 0 && { TruststoreWarnings: warnings }),
    },
  };
}

/** Clients are held against it from now on. */
export function putTruststore(call: Call, domainName: string, truststore: NewTruststore | undefined): void {
  const { truststoreIds, truststores } = domainTables(call.store);
  if (truststore) {
    truststores.put(domainName, truststore.pem);
    truststoreIds.put(domainName, call.ids.uuid());
  } else removeTruststore(call, domainName);
}

export function removeTruststore(call: Call, domainName: string): void {
  const { truststoreIds, truststores } = domainTables(call.store);
  truststores.remove(domainName);
  truststoreIds.remove(domainName);
}
