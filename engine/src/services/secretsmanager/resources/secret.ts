import { AwsError, defineResource, type ResourceContext } from '../../../kernel';
import { resourceTags, type Tag, tagChanges, unlessGone } from '../../../kernel/tags';
import { type PasswordRules, randomPassword } from '../random-password';

interface Generate extends PasswordRules {
  GenerateStringKey?: string;
  SecretStringTemplate?: string;
}

interface SecretProperties {
  Description?: string;
  GenerateSecretString?: Generate;
  KmsKeyId?: string;
  Name?: string;
  SecretString?: string;
  Tags?: Tag[];
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The value a template asks for: its own, or a generated one, alone or within a JSON template. */
function secretValue(resource: ResourceContext<SecretProperties>): string | undefined {
  const { GenerateSecretString: generate, SecretString } = resource.properties;
  if (!generate) return SecretString;
  if (SecretString !== undefined) {
    throw new AwsError('InvalidRequest', 'You must not specify both GenerateSecretString and SecretString.');
  }
  const password = randomPassword(resource.call.ids, {
    ...generate,
    PasswordLength: Number(generate.PasswordLength ?? 32),
    ...Object.fromEntries(
      (
        [
          'ExcludeLowercase',
          'ExcludeNumbers',
          'ExcludePunctuation',
          'ExcludeUppercase',
          'IncludeSpace',
          'RequireEachIncludedType',
        ] as const
      )
        .filter((rule) => generate[rule] !== undefined)
        .map((rule) => [rule, String(generate[rule]) === 'true']),
    ),
  });
  const { GenerateStringKey: key, SecretStringTemplate: template } = generate;
  if ((key === undefined) !== (template === undefined)) {
    throw new AwsError(
      'InvalidRequest',
      'SecretStringTemplate and GenerateStringKey must be specified together.',
    );
  }
  if (key === undefined || template === undefined) return password;
  let parsed: unknown;
  try {
    parsed = JSON.parse(template);
  } catch {
    throw new AwsError('InvalidRequest', 'Could not parse SecretStringTemplate JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AwsError('InvalidRequest', 'Could not parse SecretStringTemplate JSON.');
  }
  return JSON.stringify({ ...parsed, [key]: password });
}

export const secret = defineResource<SecretProperties>({
  type: 'AWS::SecretsManager::Secret',
  properties: {
    Description: true,
    GenerateSecretString: {
      ExcludeCharacters: true,
      ExcludeLowercase: true,
      ExcludeNumbers: true,
      ExcludePunctuation: true,
      ExcludeUppercase: true,
      GenerateStringKey: true,
      IncludeSpace: true,
      PasswordLength: true,
      RequireEachIncludedType: true,
      SecretStringTemplate: true,
    },
    KmsKeyId: true,
    Name: true,
    SecretString: true,
    Tags: { Key: true, Value: true },
  },

  async create(resource) {
    const { call, properties, logicalId } = resource;
    const value = secretValue(resource);
    const { ARN } = await call.invoke('secretsmanager', 'CreateSecret', {
      Name: properties.Name ?? `${logicalId}-${call.ids.of(ALPHABET, 12)}`,
      ClientRequestToken: call.ids.uuid(),
      Tags: resourceTags(resource, properties.Tags),
      ...(value === undefined ? {} : { SecretString: value }),
      ...(properties.Description === undefined ? {} : { Description: properties.Description }),
      ...(properties.KmsKeyId === undefined ? {} : { KmsKeyId: properties.KmsKeyId }),
    });
    return { physicalId: ARN!, attributes: { Id: ARN } };
  },

  async update(resource) {
    const { call, properties, previous, physicalId } = resource;
    // A new value is made only where the template asks for another one: a password survives other changes.
    const changed =
      JSON.stringify(properties.GenerateSecretString) !== JSON.stringify(previous.GenerateSecretString) ||
      properties.SecretString !== previous.SecretString;
    const value = changed ? secretValue(resource) : undefined;
    await call.invoke('secretsmanager', 'UpdateSecret', {
      SecretId: physicalId,
      ClientRequestToken: call.ids.uuid(),
      Description: properties.Description ?? '',
      ...(value === undefined ? {} : { SecretString: value }),
      ...(properties.KmsKeyId === undefined ? {} : { KmsKeyId: properties.KmsKeyId }),
    });
    const tags = tagChanges(previous.Tags, properties.Tags);
    if (tags.removed.length > 0) {
      await call.invoke('secretsmanager', 'UntagResource', { SecretId: physicalId, TagKeys: tags.removed });
    }
    if (tags.set.length > 0) {
      await call.invoke('secretsmanager', 'TagResource', { SecretId: physicalId, Tags: tags.set });
    }
    return { physicalId, attributes: resource.attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('secretsmanager', 'DeleteSecret', {
        SecretId: physicalId,
        ForceDeleteWithoutRecovery: true,
      }),
      'ResourceNotFoundException',
    );
  },
});
