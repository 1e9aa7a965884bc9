import { defineResource } from '../../../kernel';
import { listChanges, resourceTags, type Tag, tagChanges, unlessGone } from '../../../kernel/tags';

interface OidcProviderProperties {
  ClientIdList?: string[];
  Tags?: Tag[];
  ThumbprintList?: string[];
  Url: string;
}

export const oidcProvider = defineResource<OidcProviderProperties>({
  type: 'AWS::IAM::OIDCProvider',
  properties: { ClientIdList: true, Tags: { Key: true, Value: true }, ThumbprintList: true, Url: true },

  async create(resource) {
    const { call, properties } = resource;
    const { OpenIDConnectProviderArn } = await call.invoke('iam', 'CreateOpenIDConnectProvider', {
      Url: properties.Url,
      Tags: resourceTags(resource, properties.Tags),
      ...(properties.ClientIdList === undefined ? {} : { ClientIDList: properties.ClientIdList }),
      ...(properties.ThumbprintList === undefined ? {} : { ThumbprintList: properties.ThumbprintList }),
    });
    const arn = OpenIDConnectProviderArn!;
    return { physicalId: arn, attributes: { Arn: arn } };
  },

  async update({ call, properties, previous, physicalId, attributes }) {
    const provider = { OpenIDConnectProviderArn: physicalId };
    const clients = listChanges(previous.ClientIdList, properties.ClientIdList);
    // Taken away first, so that a list at its quota can be changed.
    for (const ClientID of clients.removed)
      await call.invoke('iam', 'RemoveClientIDFromOpenIDConnectProvider', { ...provider, ClientID });
    for (const ClientID of clients.added)
      await call.invoke('iam', 'AddClientIDToOpenIDConnectProvider', { ...provider, ClientID });
    const thumbprints = properties.ThumbprintList ?? [];
    if (String(thumbprints) !== String(previous.ThumbprintList ?? [])) {
      await call.invoke('iam', 'UpdateOpenIDConnectProviderThumbprint', {
        ...provider,
        ThumbprintList: thumbprints,
      });
    }
    const tags = tagChanges(previous.Tags, properties.Tags);
    if (tags.removed.length > 0)
      await call.invoke('iam', 'UntagOpenIDConnectProvider', { ...provider, TagKeys: tags.removed });
    if (tags.set.length > 0)
      await call.invoke('iam', 'TagOpenIDConnectProvider', { ...provider, Tags: tags.set });
    return { physicalId, attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('iam', 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: physicalId }),
      'NoSuchEntity',
    );
  },
});
