import { defineResource, type ResourceContext, whileMaking } from '../../../kernel';
import { listChanges, unlessGone } from '../../../kernel/tags';
import type { Kind } from '../store';
import { attach, detach, documentText } from './entities';

interface ManagedPolicyProperties {
  ManagedPolicyName?: string;
  Description?: string;
  Path?: string;
  PolicyDocument: unknown;
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

const KINDS: readonly [Kind, 'Roles' | 'Users' | 'Groups'][] = [
  ['role', 'Roles'],
  ['user', 'Users'],
  ['group', 'Groups'],
];

async function attributesOf(resource: ResourceContext<ManagedPolicyProperties>, arn: string) {
  const { Policy } = await resource.call.invoke('iam', 'GetPolicy', { PolicyArn: arn });
  return {
    PolicyArn: arn,
    PolicyId: Policy?.PolicyId,
    AttachmentCount: Policy?.AttachmentCount,
    CreateDate: Policy?.CreateDate?.toISOString(),
    UpdateDate: Policy?.UpdateDate?.toISOString(),
    DefaultVersionId: Policy?.DefaultVersionId,
    IsAttachable: Policy?.IsAttachable,
    PermissionsBoundaryUsageCount: Policy?.PermissionsBoundaryUsageCount,
  };
}

export const managedPolicy = defineResource<ManagedPolicyProperties>({
  type: 'AWS::IAM::ManagedPolicy',
  properties: {
    ManagedPolicyName: true,
    Description: true,
    Path: true,
    PolicyDocument: true,
    Roles: true,
    Users: true,
    Groups: true,
  },

  async create(resource) {
    const { call, properties } = resource;
    const { Policy } = await call.invoke('iam', 'CreatePolicy', {
      PolicyName: properties.ManagedPolicyName ?? resource.name({ maxLength: 128 }),
      PolicyDocument: documentText(properties.PolicyDocument),
      ...(properties.Description === undefined ? {} : { Description: properties.Description }),
      ...(properties.Path === undefined ? {} : { Path: properties.Path }),
    });
    const arn = Policy!.Arn!;
    await whileMaking(arn, async () => {
      for (const [kind, member] of KINDS) {
        for (const name of properties[member] ?? []) await attach(call, kind, name, arn);
      }
    });
    return { physicalId: arn, attributes: await attributesOf(resource, arn) };
  },

  async update(resource) {
    const { call, properties, previous, physicalId: arn } = resource;
    const document = documentText(properties.PolicyDocument);
    if (document !== documentText(previous.PolicyDocument)) {
      const { Versions } = await call.invoke('iam', 'ListPolicyVersions', { PolicyArn: arn });
      // CloudFormation makes room for the new version as the console does: the oldest one goes.
      const oldest = Versions?.filter((version) => !version.IsDefaultVersion).at(-1);
      if (Versions?.length === 5 && oldest?.VersionId) {
        await call.invoke('iam', 'DeletePolicyVersion', { PolicyArn: arn, VersionId: oldest.VersionId });
      }
      await call.invoke('iam', 'CreatePolicyVersion', {
        PolicyArn: arn,
        PolicyDocument: document,
        SetAsDefault: true,
      });
    }
    for (const [kind, member] of KINDS) {
      const { added, removed } = listChanges(previous[member], properties[member]);
      for (const name of removed) await unlessGone(detach(call, kind, name, arn), 'NoSuchEntity');
      for (const name of added) await attach(call, kind, name, arn);
    }
    return { physicalId: arn, attributes: await attributesOf(resource, arn) };
  },

  async delete({ call, properties, physicalId: arn }) {
    for (const [kind, member] of KINDS) {
      for (const name of properties[member] ?? []) {
        await unlessGone(detach(call, kind, name, arn), 'NoSuchEntity');
      }
    }
    await unlessGone(deleteWithVersions(call, arn), 'NoSuchEntity');
  },
});

async function deleteWithVersions(call: ResourceContext['call'], arn: string): Promise<void> {
  const { Versions } = await call.invoke('iam', 'ListPolicyVersions', { PolicyArn: arn });
  for (const version of Versions ?? []) {
    if (!version.IsDefaultVersion) {
      await call.invoke('iam', 'DeletePolicyVersion', { PolicyArn: arn, VersionId: version.VersionId! });
    }
  }
  await call.invoke('iam', 'DeletePolicy', { PolicyArn: arn });
}
