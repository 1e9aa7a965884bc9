import { defineResource } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';

interface ServiceLinkedRoleProperties {
  AWSServiceName: string;
  CustomSuffix?: string;
  Description?: string;
}

export const serviceLinkedRole = defineResource<ServiceLinkedRoleProperties>({
  type: 'AWS::IAM::ServiceLinkedRole',
  properties: { AWSServiceName: true, CustomSuffix: true, Description: true },

  async create({ call, properties }) {
    const { Role } = await call.invoke('iam', 'CreateServiceLinkedRole', {
      AWSServiceName: properties.AWSServiceName,
      ...(properties.CustomSuffix === undefined ? {} : { CustomSuffix: properties.CustomSuffix }),
      ...(properties.Description === undefined ? {} : { Description: properties.Description }),
    });
    return { physicalId: Role!.RoleName!, attributes: { RoleName: Role!.RoleName } };
  },

  async update({ call, properties, physicalId, attributes }) {
    await call.invoke('iam', 'UpdateRoleDescription', {
      RoleName: physicalId,
      Description: properties.Description ?? '',
    });
    return { physicalId, attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(call.invoke('iam', 'DeleteServiceLinkedRole', { RoleName: physicalId }), 'NoSuchEntity');
  },
});
