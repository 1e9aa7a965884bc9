import type { Operation } from '../../kernel';
import { findOidcProvider } from './find';
import { stateOf } from './store';
import { listed, merged, without } from './tags';

export const tagOidcProvider: Operation<'iam', 'TagOpenIDConnectProvider'> = (input, call) => {
  const provider = findOidcProvider(call, input.OpenIDConnectProviderArn!);
  const tags = merged(call, provider.tags, input.Tags);
  stateOf(call).oidcProviders.put(provider.arn, { ...provider, tags });
  return {};
};

export const untagOidcProvider: Operation<'iam', 'UntagOpenIDConnectProvider'> = (input, call) => {
  const provider = findOidcProvider(call, input.OpenIDConnectProviderArn!);
  const tags = without(provider.tags, input.TagKeys);
  stateOf(call).oidcProviders.put(provider.arn, { ...provider, tags });
  return {};
};

export const listOidcProviderTags: Operation<'iam', 'ListOpenIDConnectProviderTags'> = (input, call) =>
  listed(findOidcProvider(call, input.OpenIDConnectProviderArn!).tags, input);
