import type { Identity } from '../identity';
import { AwsError, type Clock, type Principal } from '../kernel';
import type { ServiceModel } from '../protocols';
import type { ClaimedCredentials } from './credentials';

/**
 * Finds the principal behind a request's access key. A key nobody was given and an expired session are refused with
 * each protocol family's code, as on AWS. (Signatures are not verified yet: docs/parity.md.)
 */
export function identify(
  identity: Identity,
  clock: Clock,
  model: ServiceModel,
  claimed: ClaimedCredentials | undefined,
  headers: Record<string, string>,
  query: string,
): Principal {
  const s3 = model.service === 's3';
  if (!claimed) {
    if (s3 || unsignedAllowed(query, headers)) return anonymous(identity);
    if (headers.authorization) {
      throw new AwsError(
        'IncompleteSignature',
        `Authorization header requires 'Credential' parameter. Authorization=${headers.authorization.slice(0, 32)}`,
        { status: 403 },
      );
    }
    throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', {
      status: 403,
    });
  }
  const key = identity.find(claimed.accessKeyId);
  if (!key) {
    if (s3) {
      throw new AwsError(
        'InvalidAccessKeyId',
        'The AWS Access Key Id you provided does not exist in our records.',
        {
          status: 403,
          members: { AWSAccessKeyId: claimed.accessKeyId },
        },
      );
    }
    const code =
      /query/i.test(model.protocol) || model.protocol === 'restXml'
        ? 'InvalidClientTokenId'
        : 'UnrecognizedClientException';
    throw new AwsError(code, 'The security token included in the request is invalid.', { status: 403 });
  }
  if (key.expiresAt !== undefined && key.expiresAt <= clock.millis()) {
    const code = /json/i.test(model.protocol) ? 'ExpiredTokenException' : 'ExpiredToken';
    throw new AwsError(
      code,
      s3 ? 'The provided token has expired.' : 'The security token included in the request is expired',
      { status: s3 ? 400 : 403 },
    );
  }
  return key.principal;
}

function anonymous(identity: Identity): Principal {
  const account = identity.root('000000000000').account;
  return { type: 'anonymous', account, arn: 'anonymous', userId: 'anonymous' };
}

/** STS's federated calls bring a token instead of a signature. */
function unsignedAllowed(query: string, headers: Record<string, string>): boolean {
  return (
    /AssumeRoleWith(?:WebIdentity|SAML)/.test(query) || /AssumeRoleWith/.test(headers['x-amz-target'] ?? '')
  );
}
