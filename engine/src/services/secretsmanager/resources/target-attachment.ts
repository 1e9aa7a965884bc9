import { AwsError, defineResource, notImplemented, type ResourceContext } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';

interface AttachmentProperties {
  SecretId: string;
  TargetId: string;
  TargetType: string;
}

/** What an attachment puts into a secret, besides the user name and password that are there. */
const MEMBERS = ['engine', 'host', 'port', 'dbname', 'dbInstanceIdentifier'];

type Call = ResourceContext['call'];

async function read(call: Call, SecretId: string): Promise<Record<string, unknown>> {
  const { SecretString } = await call.invoke('secretsmanager', 'GetSecretValue', { SecretId });
  try {
    const value: unknown = JSON.parse(SecretString ?? '');
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Told below, as what is not an object is.
  }
  throw new AwsError('InvalidRequest', 'Could not parse secret value as JSON object.');
}

async function write(call: Call, SecretId: string, value: Record<string, unknown>): Promise<void> {
  await call.invoke('secretsmanager', 'PutSecretValue', {
    SecretId,
    ClientRequestToken: call.ids.uuid(),
    SecretString: JSON.stringify(value),
  });
}

async function connection({ call, properties }: ResourceContext<AttachmentProperties>) {
  if (properties.TargetType !== 'AWS::RDS::DBInstance') {
    throw notImplemented(`AWS::SecretsManager::SecretTargetAttachment to ${properties.TargetType}`);
  }
  const { DBInstances } = await call.invoke('rds', 'DescribeDBInstances', {
    DBInstanceIdentifier: properties.TargetId,
  });
  const instance = DBInstances?.[0];
  return {
    engine: instance?.Engine,
    host: instance?.Endpoint?.Address,
    port: instance?.Endpoint?.Port,
    ...(instance?.DBName ? { dbname: instance.DBName } : {}),
    dbInstanceIdentifier: instance?.DBInstanceIdentifier,
  };
}

async function attach(resource: ResourceContext<AttachmentProperties>): Promise<void> {
  const { call, properties } = resource;
  const told = await connection(resource);
  await write(call, properties.SecretId, { ...(await read(call, properties.SecretId)), ...told });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secrettargetattachment.html */
export const targetAttachment = defineResource<AttachmentProperties>({
  type: 'AWS::SecretsManager::SecretTargetAttachment',
  properties: { SecretId: true, TargetId: true, TargetType: true },

  async create(resource) {
    await attach(resource);
    const { SecretId } = resource.properties;
    return { physicalId: SecretId, attributes: { Id: SecretId } };
  },

  async update(resource) {
    await attach(resource);
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, properties }) {
    const detach = async () => {
      const value = await read(call, properties.SecretId);
      for (const member of MEMBERS) delete value[member];
      await write(call, properties.SecretId, value);
    };
    await unlessGone(detach(), 'ResourceNotFoundException', 'InvalidRequestException', 'InvalidRequest');
  },
});
