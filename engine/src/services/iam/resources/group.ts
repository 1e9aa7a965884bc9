import { defineResource } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';
import { addPolicies, removePolicies, updatePolicies, type WithPolicies } from './entities';

interface GroupProperties extends WithPolicies {
  GroupName?: string;
  Path?: string;
}

export const group = defineResource<GroupProperties>({
  type: 'AWS::IAM::Group',
  properties: {
    GroupName: true,
    ManagedPolicyArns: true,
    Path: true,
    Policies: { PolicyName: true, PolicyDocument: true },
  },

  async create(resource) {
    const { call, properties } = resource;
    const name = properties.GroupName ?? resource.name({ maxLength: 128 });
    const { Group } = await call.invoke('iam', 'CreateGroup', {
      GroupName: name,
      ...(properties.Path === undefined ? {} : { Path: properties.Path }),
    });
    await addPolicies(resource, 'group', name);
    return { physicalId: name, attributes: { Arn: Group?.Arn } };
  },

  async update(resource) {
    const { call, properties, previous, physicalId: name } = resource;
    if (properties.Path !== previous.Path) {
      await call.invoke('iam', 'UpdateGroup', { GroupName: name, NewPath: properties.Path ?? '/' });
    }
    await updatePolicies(resource, 'group', name);
    const { Group } = await call.invoke('iam', 'GetGroup', { GroupName: name });
    return { physicalId: name, attributes: { Arn: Group?.Arn } };
  },

  async delete(resource) {
    await removePolicies(resource, 'group', resource.physicalId);
    await unlessGone(
      resource.call.invoke('iam', 'DeleteGroup', { GroupName: resource.physicalId }),
      'NoSuchEntity',
    );
  },
});
