import { defineResource, whileMaking } from '../../../kernel';
import { listChanges, resourceTags, type Tag, tagChanges, unlessGone } from '../../../kernel/tags';
import { addPolicies, removePolicies, updatePolicies, type WithPolicies } from './entities';

interface UserProperties extends WithPolicies {
  Groups?: string[];
  Path?: string;
  PermissionsBoundary?: string;
  Tags?: Tag[];
  UserName?: string;
}

export const user = defineResource<UserProperties>({
  type: 'AWS::IAM::User',
  properties: {
    Groups: true,
    ManagedPolicyArns: true,
    Path: true,
    PermissionsBoundary: true,
    Policies: { PolicyName: true, PolicyDocument: true },
    Tags: { Key: true, Value: true },
    UserName: true,
  },

  async create(resource) {
    const { call, properties } = resource;
    const name = properties.UserName ?? resource.name({ maxLength: 64 });
    const { User } = await call.invoke('iam', 'CreateUser', {
      UserName: name,
      Tags: resourceTags(resource, properties.Tags),
      ...(properties.Path === undefined ? {} : { Path: properties.Path }),
      ...(properties.PermissionsBoundary === undefined
        ? {}
        : { PermissionsBoundary: properties.PermissionsBoundary }),
    });
    await whileMaking(name, async () => {
      await addPolicies(resource, 'user', name);
      for (const GroupName of properties.Groups ?? []) {
        await call.invoke('iam', 'AddUserToGroup', { GroupName, UserName: name });
      }
    });
    return { physicalId: name, attributes: { Arn: User?.Arn } };
  },

  async update(resource) {
    const { call, properties, previous, physicalId: name } = resource;
    if (properties.Path !== previous.Path) {
      await call.invoke('iam', 'UpdateUser', { UserName: name, NewPath: properties.Path ?? '/' });
    }
    if (properties.PermissionsBoundary !== undefined) {
      await call.invoke('iam', 'PutUserPermissionsBoundary', {
        UserName: name,
        PermissionsBoundary: properties.PermissionsBoundary,
      });
    } else if (previous.PermissionsBoundary !== undefined) {
      await call.invoke('iam', 'DeleteUserPermissionsBoundary', { UserName: name });
    }
    await updatePolicies(resource, 'user', name);
    const groups = listChanges(previous.Groups, properties.Groups);
    for (const GroupName of groups.removed) {
      await call.invoke('iam', 'RemoveUserFromGroup', { GroupName, UserName: name });
    }
    for (const GroupName of groups.added) {
      await call.invoke('iam', 'AddUserToGroup', { GroupName, UserName: name });
    }
    const tags = tagChanges(previous.Tags, properties.Tags);
    if (tags.removed.length > 0)
      await call.invoke('iam', 'UntagUser', { UserName: name, TagKeys: tags.removed });
    if (tags.set.length > 0) await call.invoke('iam', 'TagUser', { UserName: name, Tags: tags.set });
    const { User } = await call.invoke('iam', 'GetUser', { UserName: name });
    return { physicalId: name, attributes: { Arn: User?.Arn } };
  },

  async delete(resource) {
    const { call, properties, physicalId: name } = resource;
    await removePolicies(resource, 'user', name);
    for (const GroupName of properties.Groups ?? []) {
      await unlessGone(
        call.invoke('iam', 'RemoveUserFromGroup', { GroupName, UserName: name }),
        'NoSuchEntity',
      );
    }
    await unlessGone(call.invoke('iam', 'DeleteUser', { UserName: name }), 'NoSuchEntity');
  },
});
