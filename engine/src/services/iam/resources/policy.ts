import { AwsError, defineResource, type ResourceContext } from '../../../kernel';
import { listChanges, unlessGone } from '../../../kernel/tags';
import type { Kind } from '../store';
import { deleteInline, putInline } from './entities';

interface PolicyProperties {
  PolicyName: string;
  PolicyDocument: unknown;
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

function holders(properties: PolicyProperties): { kind: Kind; name: string }[] {
  const of = (kind: Kind, names: string[] | undefined) => (names ?? []).map((name) => ({ kind, name }));
  return [
    ...of('role', properties.Roles),
    ...of('user', properties.Users),
    ...of('group', properties.Groups),
  ];
}

async function put(resource: ResourceContext<PolicyProperties>): Promise<void> {
  for (const { kind, name } of holders(resource.properties)) {
    await putInline(resource.call, kind, name, resource.properties);
  }
}

/** An inline policy that several entities have each a copy of. */
export const policy = defineResource<PolicyProperties>({
  type: 'AWS::IAM::Policy',
  properties: { PolicyName: true, PolicyDocument: true, Roles: true, Users: true, Groups: true },

  async create(resource) {
    if (holders(resource.properties).length === 0) {
      throw new AwsError('ValidationError', 'At least one of [Groups,Roles,Users] must be non-empty.');
    }
    await put(resource);
    const physicalId = resource.name({ maxLength: 32 });
    return { physicalId, attributes: { Id: physicalId } };
  },

  async update(resource) {
    const { call, previous, properties, physicalId, attributes } = resource;
    const text = (of: PolicyProperties) => holders(of).map(({ kind, name }) => `${kind}/${name}`);
    await put(resource);
    for (const removed of listChanges(text(previous), text(properties)).removed) {
      const [kind, name] = removed.split('/') as [Kind, string];
      await unlessGone(deleteInline(call, kind, name, previous.PolicyName), 'NoSuchEntity');
    }
    if (previous.PolicyName !== properties.PolicyName) {
      for (const { kind, name } of holders(previous)) {
        await unlessGone(deleteInline(call, kind, name, previous.PolicyName), 'NoSuchEntity');
      }
    }
    return { physicalId, attributes };
  },

  async delete({ call, properties }) {
    for (const { kind, name } of holders(properties)) {
      await unlessGone(deleteInline(call, kind, name, properties.PolicyName), 'NoSuchEntity');
    }
  },
});
