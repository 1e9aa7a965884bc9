import { defineResource, whileMaking } from '../../../kernel';
import { listChanges, unlessGone } from '../../../kernel/tags';

interface InstanceProfileProperties {
  InstanceProfileName?: string;
  Path?: string;
  Roles: string[];
}

export const instanceProfile = defineResource<InstanceProfileProperties>({
  type: 'AWS::IAM::InstanceProfile',
  properties: { InstanceProfileName: true, Path: true, Roles: true },

  async create(resource) {
    const { call, properties } = resource;
    const name = properties.InstanceProfileName ?? resource.name({ maxLength: 128 });
    const { InstanceProfile } = await call.invoke('iam', 'CreateInstanceProfile', {
      InstanceProfileName: name,
      ...(properties.Path === undefined ? {} : { Path: properties.Path }),
    });
    await whileMaking(name, async () => {
      for (const RoleName of properties.Roles) {
        await call.invoke('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName });
      }
    });
    return { physicalId: name, attributes: { Arn: InstanceProfile?.Arn } };
  },

  async update({ call, properties, previous, physicalId: name, attributes }) {
    const { added, removed } = listChanges(previous.Roles, properties.Roles);
    for (const RoleName of removed) {
      await call.invoke('iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName: name, RoleName });
    }
    for (const RoleName of added) {
      await call.invoke('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName });
    }
    return { physicalId: name, attributes };
  },

  async delete({ call, properties, physicalId: name }) {
    for (const RoleName of properties.Roles) {
      await unlessGone(
        call.invoke('iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName: name, RoleName }),
        'NoSuchEntity',
      );
    }
    await unlessGone(
      call.invoke('iam', 'DeleteInstanceProfile', { InstanceProfileName: name }),
      'NoSuchEntity',
    );
  },
});
