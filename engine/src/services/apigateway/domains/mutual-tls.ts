import type { MutualTlsAuthentication, MutualTlsAuthenticationInput } from '@aws-sdk/client-api-gateway';
import type * as v2 from '@aws-sdk/client-apigatewayv2';
import type { Call } from '../../../kernel';

/**
 * The truststore that a request names, for those who keep it. They know who called no more, so that it is tried here
 * whether the caller may read it.
 */
export async function mutualTls(
  call: Call,
  given: MutualTlsAuthenticationInput | undefined,
  before: v2.MutualTlsAuthentication = {},
): Promise<v2.MutualTlsAuthenticationInput | undefined> {
  if (!given) return undefined;
  const TruststoreUri = given.truststoreUri ?? before.TruststoreUri;
  const kept = TruststoreUri === before.TruststoreUri ? before.TruststoreVersion : undefined;
  const TruststoreVersion = given.truststoreVersion ?? kept;
  if (TruststoreUri) {
    const { truststoreText } = await import('../../../execute-api/truststores/read');
    await truststoreText(call, TruststoreUri, TruststoreVersion || undefined);
  }
  return { TruststoreUri, TruststoreVersion };
}

export const shownMutualTls = (
  mutual: v2.MutualTlsAuthentication | undefined,
): MutualTlsAuthentication | undefined =>
  mutual && {
    truststoreUri: mutual.TruststoreUri,
    truststoreVersion: mutual.TruststoreVersion,
    truststoreWarnings: mutual.TruststoreWarnings,
  };
