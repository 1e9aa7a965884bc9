import type { Operation } from '../../kernel';
import { registryAddress } from './store';

const SECONDS = 12 * 3600;

/**
 * Docker logs in with this: a session of the caller's, which the registry knows again.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
 */
export const getAuthorizationToken: Operation<'ecr', 'GetAuthorizationToken'> = (input, call) => {
  const registries = input.registryIds?.length ? input.registryIds : [call.account];
  return {
    authorizationData: registries.map(() => {
      const { accessKeyId, sessionToken, expiration } = call.parts.identity.issueSession(
        call.principal,
        SECONDS,
      );
      return {
        authorizationToken: Buffer.from(`AWS:${accessKeyId}.${sessionToken}`).toString('base64'),
        expiresAt: expiration,
        proxyEndpoint: `http://${registryAddress(call)}`,
      };
    }),
  };
};
