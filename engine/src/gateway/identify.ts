import type { IncomingMessage } from 'node:http';
import { type Authenticated, authenticate, type Family, type Identity, queryOf } from '../identity';
import { AwsError, type Clock, type Principal } from '../kernel';
import type { ServiceModel } from '../protocols';

/** A request whose service is known. */
export interface Arrival {
  request: IncomingMessage;
  model: ServiceModel;
  /** Raw; a virtual-hosted bucket has been put before it. */
  path: string;
  /** The body, where it has been read. */
  body: Uint8Array | undefined;
  /** The endpoint's region, where its name says one. */
  region: string | undefined;
}

/** Finds the principal that signed a request; strangers come as far as S3 and the calls that bring a token instead. */
export function identify(identity: Identity, clock: Clock, arrival: Arrival): Authenticated {
  const { request, model, path, body, region } = arrival;
  const family = familyOf(model);
  const known = authenticate(
    {
      family,
      services: [model.signingName],
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: pairsOf(request.rawHeaders),
      resource: path,
      body,
      region,
    },
    identity,
    clock,
  );
  if (known) {
    refuseAtIam(model, known.principal);
    return known;
  }
  if (family !== 's3' && !unsignedAllowed(arrival)) {
    const json = family === 'json' || family === 'rest-json';
    throw new AwsError(
      json ? 'MissingAuthenticationTokenException' : 'MissingAuthenticationToken',
      json ? 'Missing Authentication Token' : 'Request is missing Authentication Token',
      { status: family === 'json' ? 400 : 403 },
    );
  }
  return { principal: anonymous(identity) };
}

function familyOf(model: ServiceModel): Family {
  if (model.service === 's3') return 's3';
  if (model.protocol === 'restJson1') return 'rest-json';
  return /json|cbor/i.test(model.protocol) ? 'json' : 'query';
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] ?? '', raw[i + 1] ?? '']);
  return pairs;
}

function anonymous(identity: Identity): Principal {
  const account = identity.root('000000000000').account;
  return { type: 'anonymous', account, arn: 'anonymous', userId: 'anonymous' };
}

/** STS's federated calls bring a token instead of a signature. */
function unsignedAllowed({ model, body, request }: Arrival): boolean {
  if (model.service !== 'sts') return false;
  const query = queryOf({ url: request.url ?? '' });
  const form = new URLSearchParams(Buffer.from(body ?? '').toString('latin1'));
  return /^AssumeRoleWith(WebIdentity|SAML)$/.test(form.get('Action') ?? query.get('Action') ?? '');
}

/**
 * Sessions of users and of whom they let in know no second factor here, and IAM takes none without.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
 */
function refuseAtIam(model: ServiceModel, { type, session }: Principal): void {
  if (model.service !== 'iam' || session?.issued === undefined || type === 'assumed-role') return;
  throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid', {
    status: 403,
  });
}
