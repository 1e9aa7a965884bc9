import { defineResource } from '../../../kernel';
import { resourceTags, type Tag, tagChanges, unlessGone } from '../../../kernel/tags';
import { addPolicies, documentText, removePolicies, updatePolicies, type WithPolicies } from './entities';

interface RoleProperties extends WithPolicies {
  AssumeRolePolicyDocument: unknown;
  Description?: string;
  MaxSessionDuration?: number;
  Path?: string;
  PermissionsBoundary?: string;
  RoleName?: string;
  Tags?: Tag[];
}

export const role = defineResource<RoleProperties>({
  type: 'AWS::IAM::Role',
  properties: {
    AssumeRolePolicyDocument: true,
    Description: true,
    ManagedPolicyArns: true,
    MaxSessionDuration: true,
    Path: true,
    PermissionsBoundary: true,
    Policies: { PolicyName: true, PolicyDocument: true },
    RoleName: true,
    Tags: { Key: true, Value: true },
  },

  async create(resource) {
    const { call, properties } = resource;
    const name = properties.RoleName ?? resource.name({ maxLength: 64 });
    const { Role } = await call.invoke('iam', 'CreateRole', {
      RoleName: name,
      AssumeRolePolicyDocument: documentText(properties.AssumeRolePolicyDocument),
      Tags: resourceTags(resource, properties.Tags),
      ...(properties.Description === undefined ? {} : { Description: properties.Description }),
      ...(properties.MaxSessionDuration === undefined
        ? {}
        : { MaxSessionDuration: Number(properties.MaxSessionDuration) }),
      ...(properties.Path === undefined ? {} : { Path: properties.Path }),
      ...(properties.PermissionsBoundary === undefined
        ? {}
        : { PermissionsBoundary: properties.PermissionsBoundary }),
    });
    try {
      await addPolicies(resource, 'role', name);
    } catch (error) {
      await removePolicies(resource, 'role', name);
      await call.invoke('iam', 'DeleteRole', { RoleName: name });
      throw error;
    }
    return { physicalId: name, attributes: { Arn: Role?.Arn, RoleId: Role?.RoleId } };
  },

  async update(resource) {
    const { call, properties, previous, physicalId: name } = resource;
    await call.invoke('iam', 'UpdateAssumeRolePolicy', {
      RoleName: name,
      PolicyDocument: documentText(properties.AssumeRolePolicyDocument),
    });
    await call.invoke('iam', 'UpdateRole', {
      RoleName: name,
      Description: properties.Description ?? '',
      ...(properties.MaxSessionDuration === undefined
        ? {}
        : { MaxSessionDuration: Number(properties.MaxSessionDuration) }),
    });
    if (properties.PermissionsBoundary !== undefined) {
      await call.invoke('iam', 'PutRolePermissionsBoundary', {
        RoleName: name,
        PermissionsBoundary: properties.PermissionsBoundary,
      });
    } else if (previous.PermissionsBoundary !== undefined) {
      await call.invoke('iam', 'DeleteRolePermissionsBoundary', { RoleName: name });
    }
    await updatePolicies(resource, 'role', name);
    const tags = tagChanges(previous.Tags, properties.Tags);
    if (tags.removed.length > 0)
      await call.invoke('iam', 'UntagRole', { RoleName: name, TagKeys: tags.removed });
    if (tags.set.length > 0) await call.invoke('iam', 'TagRole', { RoleName: name, Tags: tags.set });
    return { physicalId: name, attributes: resource.attributes };
  },

  async delete(resource) {
    await removePolicies(resource, 'role', resource.physicalId);
    await unlessGone(
      resource.call.invoke('iam', 'DeleteRole', { RoleName: resource.physicalId }),
      'NoSuchEntity',
    );
  },
});
