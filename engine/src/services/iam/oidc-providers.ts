import { type Call, type Operation, parseArn } from '../../kernel';
import { isLoopback } from '../../kernel/loopback';
import { alreadyExists, invalidInput, quotaExceeded, validationError } from './errors';
import { findOidcProvider } from './find';
import { iamArn } from './identifiers';
import { type OidcProvider, stateOf } from './store';
import { checkTags } from './tags';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const MOST_CLIENTS = 100;
const MOST_PROVIDERS = 100;
const MOST_THUMBPRINTS = 5;

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html */
export const createOidcProvider: Operation<'iam', 'CreateOpenIDConnectProvider'> = (input, call) => {
  const url = input.Url!;
  const provider: OidcProvider = {
    url,
    arn: iamArn(call, 'oidc-provider', '/', nameOf(url)),
    clients: checkClients(input.ClientIDList ?? []),
    thumbprints: checkThumbprints(input.ThumbprintList ?? []),
    created: call.clock.now(),
    tags: checkTags(call, input.Tags),
  };
  const { oidcProviders } = stateOf(call);
  if (oidcProviders.has(provider.arn)) throw alreadyExists(`Provider with url ${url} already exists.`);
  if (oidcProviders.count() >= MOST_PROVIDERS)
    throw quotaExceeded('OpenIdConnectProvidersPerAccount', MOST_PROVIDERS);
  oidcProviders.put(provider.arn, provider);
  return {
    OpenIDConnectProviderArn: provider.arn,
    ...(provider.tags.length > 0 ? { Tags: provider.tags } : {}),
  };
};

/**
 * What stands behind the scheme names a provider. AWS takes HTTPS without a port only; an issuer on this machine may
 * have both a port and no TLS.
 */
function nameOf(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw invalidUrl();
  }
  const local = isLoopback(parsed.hostname);
  if (parsed.protocol !== 'https:' && !(local && parsed.protocol === 'http:')) throw invalidUrl();
  if ((parsed.port !== '' && !local) || parsed.search !== '' || parsed.hash !== '' || parsed.username !== '')
    throw invalidUrl();
  return url.slice(url.indexOf('://') + 3);
}

const invalidUrl = () => validationError('Invalid Open ID Connect Provider URL');

function checkClients(clients: readonly string[]): string[] {
  const distinct = [...new Set(clients)];
  if (distinct.length > MOST_CLIENTS) throw quotaExceeded('ClientIdsPerOpenIdConnectProvider', MOST_CLIENTS);
  return distinct;
}

function checkThumbprints(thumbprints: readonly string[]): string[] {
  if (thumbprints.length > MOST_THUMBPRINTS)
    throw invalidInput('Thumbprint list must contain fewer than 5 entries.');
  return [...thumbprints];
}

export const getOidcProvider: Operation<'iam', 'GetOpenIDConnectProvider'> = (input, call) => {
  const { url, clients, thumbprints, created, tags } = find(call, input.OpenIDConnectProviderArn);
  return {
    // Without its scheme, as AWS tells it.
    Url: url.slice(url.indexOf('://') + 3),
    ClientIDList: clients,
    ThumbprintList: thumbprints,
    CreateDate: created,
    ...(tags.length > 0 ? { Tags: tags } : {}),
  };
};

export const listOidcProviders: Operation<'iam', 'ListOpenIDConnectProviders'> = (_input, call) => ({
  OpenIDConnectProviderList: [...stateOf(call).oidcProviders.values()].map(({ arn }) => ({ Arn: arn })),
});

/** What is gone already is deleted. https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteOpenIDConnectProvider.html */
export const deleteOidcProvider: Operation<'iam', 'DeleteOpenIDConnectProvider'> = (input, call) => {
  stateOf(call).oidcProviders.remove(checkArn(input.OpenIDConnectProviderArn));
  return {};
};

export const addClientId: Operation<'iam', 'AddClientIDToOpenIDConnectProvider'> = (input, call) => {
  const provider = find(call, input.OpenIDConnectProviderArn);
  change(call, { ...provider, clients: checkClients([...provider.clients, input.ClientID!]) });
  return {};
};

/** Neither does it say anything of an id that is not there. */
export const removeClientId: Operation<'iam', 'RemoveClientIDFromOpenIDConnectProvider'> = (input, call) => {
  const provider = find(call, input.OpenIDConnectProviderArn);
  change(call, { ...provider, clients: provider.clients.filter((client) => client !== input.ClientID) });
  return {};
};

export const updateThumbprint: Operation<'iam', 'UpdateOpenIDConnectProviderThumbprint'> = (input, call) => {
  const provider = find(call, input.OpenIDConnectProviderArn);
  change(call, { ...provider, thumbprints: checkThumbprints(input.ThumbprintList ?? []) });
  return {};
};

function find(call: Call, arn: string | undefined): OidcProvider {
  return findOidcProvider(call, checkArn(arn));
}

function checkArn(arn = ''): string {
  const parsed = parseArn(arn);
  if (parsed?.service !== 'iam' || !parsed.resource.startsWith('oidc-provider/'))
    throw validationError('Invalid ARN');
  return arn;
}

function change(call: Call, provider: OidcProvider): void {
  stateOf(call).oidcProviders.put(provider.arn, provider);
}
