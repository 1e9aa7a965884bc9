import { defineResource } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';

interface AccessKeyProperties {
  UserName: string;
  Status?: 'Active' | 'Inactive';
  /** Only there to be counted up: a change makes a new key. */
  Serial?: number;
}

export const accessKey = defineResource<AccessKeyProperties>({
  type: 'AWS::IAM::AccessKey',
  properties: { UserName: true, Status: true, Serial: true },

  async create({ call, properties }) {
    const { AccessKey } = await call.invoke('iam', 'CreateAccessKey', { UserName: properties.UserName });
    const id = AccessKey!.AccessKeyId!;
    if (properties.Status === 'Inactive') {
      await call.invoke('iam', 'UpdateAccessKey', {
        UserName: properties.UserName,
        AccessKeyId: id,
        Status: 'Inactive',
      });
    }
    return { physicalId: id, attributes: { Id: id, SecretAccessKey: AccessKey!.SecretAccessKey } };
  },

  async update({ call, properties, physicalId, attributes }) {
    await call.invoke('iam', 'UpdateAccessKey', {
      UserName: properties.UserName,
      AccessKeyId: physicalId,
      Status: properties.Status ?? 'Active',
    });
    return { physicalId, attributes };
  },

  async delete({ call, properties, physicalId }) {
    await unlessGone(
      call.invoke('iam', 'DeleteAccessKey', { UserName: properties.UserName, AccessKeyId: physicalId }),
      'NoSuchEntity',
    );
  },
});
