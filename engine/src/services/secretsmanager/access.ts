import { type Access, arn, type Call, isAwsError, type Needed } from '../../kernel';
import { find, type Secret } from './store';

type Keys = NonNullable<Needed['keys']>;

interface Given {
  SecretId?: string | undefined;
}

function onSecret(call: Call, action: string, id: string, keys: Keys = {}): Needed {
  const secret = look(call, id);
  const text = secret?.policy;
  return {
    action: `secretsmanager:${action}`,
    resource: secret?.arn ?? wouldBe(call, id),
    // A refusal names the secret as the request does.
    where: `on resource: ${id}`,
    keys: {
      'secretsmanager:SecretId': secret?.arn ?? id,
      'secretsmanager:SecretPrimaryRegion': call.region,
      'secretsmanager:resource/AllowRotationLambdaArn': secret?.rotation?.lambda,
      ...keys,
    },
    tags: () => Object.fromEntries((secret?.tags ?? []).map(({ Key, Value }) => [Key, Value])),
    policy: { text, rule: 'sufficient' },
  };
}

function look(call: Call, id: string): Secret | undefined {
  try {
    return find(call, id);
  } catch (error) {
    if (isAwsError(error)) return undefined;
    throw error;
  }
}

/** Any six characters would stand behind the name: `secret:name-??????` and `secret:name-*` are what policies say. */
function wouldBe(call: Call, id: string): string {
  const name = id.startsWith('arn:') ? id : arn('secretsmanager', call.region, call.account, `secret:${id}`);
  return id.startsWith('arn:') && /-[A-Za-z0-9]{6}$/.test(id) ? name : `${name}-??????`;
}

const one =
  (action: string) =>
  (input: Given, call: Call): Needed =>
    onSecret(call, action, input.SecretId ?? '');

const anywhere = (action: string) => (): Needed => ({
  action: `secretsmanager:${action}`,
  resource: '*',
});

const told = (value: boolean | number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
const access: Access<'secretsmanager'> = {
  // Each secret's own value is asked for, and refused, by itself.
  BatchGetSecretValue: anywhere('BatchGetSecretValue'),
  CancelRotateSecret: one('CancelRotateSecret'),
  CreateSecret: (input, call) => {
    const name = input.Name ?? '';
    const keys = {
      'secretsmanager:Name': input.Name,
      'secretsmanager:Description': input.Description,
      'secretsmanager:KmsKeyId': input.KmsKeyId,
    };
    // There is no secret yet, so that none can have a policy or be meant by its id.
    const { policy: _none, ...needed } = onSecret(call, 'CreateSecret', name, {
      ...keys,
      'secretsmanager:SecretId': undefined,
    });
    const tag = { ...needed, action: 'secretsmanager:TagResource' };
    return input.Tags?.length ? [needed, tag] : needed;
  },
  DeleteResourcePolicy: one('DeleteResourcePolicy'),
  DeleteSecret: (input, call) =>
    onSecret(call, 'DeleteSecret', input.SecretId ?? '', {
      'secretsmanager:ForceDeleteWithoutRecovery': told(input.ForceDeleteWithoutRecovery),
      'secretsmanager:RecoveryWindowInDays': told(input.RecoveryWindowInDays),
    }),
  DescribeSecret: one('DescribeSecret'),
  GetRandomPassword: anywhere('GetRandomPassword'),
  GetResourcePolicy: one('GetResourcePolicy'),
  GetSecretValue: (input, call) =>
    onSecret(call, 'GetSecretValue', input.SecretId ?? '', {
      'secretsmanager:VersionId': input.VersionId,
      // A request that asks for no version asks for the current one.
      'secretsmanager:VersionStage':
        input.VersionStage ?? (input.VersionId === undefined ? 'AWSCURRENT' : undefined),
    }),
  ListSecretVersionIds: one('ListSecretVersionIds'),
  ListSecrets: anywhere('ListSecrets'),
  PutResourcePolicy: (input, call) =>
    onSecret(call, 'PutResourcePolicy', input.SecretId ?? '', {
      'secretsmanager:BlockPublicPolicy': told(input.BlockPublicPolicy),
    }),
  PutSecretValue: one('PutSecretValue'),
  RestoreSecret: one('RestoreSecret'),
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
  RotateSecret: (input, call) => {
    const lambda = input.RotationLambdaARN ?? look(call, input.SecretId ?? '')?.rotation?.lambda;
    return [
      onSecret(call, 'RotateSecret', input.SecretId ?? '', {
        'secretsmanager:RotationLambdaARN': input.RotationLambdaARN,
        'secretsmanager:ModifyRotationRules': String(input.RotationRules !== undefined),
        'secretsmanager:RotateImmediately': String(input.RotateImmediately ?? true),
      }),
      ...(lambda === undefined ? [] : [{ action: 'lambda:InvokeFunction', resource: lambda }]),
    ];
  },
  TagResource: one('TagResource'),
  UntagResource: one('UntagResource'),
  UpdateSecret: (input, call) =>
    onSecret(call, 'UpdateSecret', input.SecretId ?? '', {
      'secretsmanager:Description': input.Description,
      'secretsmanager:KmsKeyId': input.KmsKeyId,
    }),
  UpdateSecretVersionStage: (input, call) =>
    onSecret(call, 'UpdateSecretVersionStage', input.SecretId ?? '', {
      'secretsmanager:VersionStage': input.VersionStage,
    }),
  ValidateResourcePolicy: (input, call) =>
    input.SecretId === undefined
      ? anywhere('ValidateResourcePolicy')()
      : onSecret(call, 'ValidateResourcePolicy', input.SecretId),
};

export default access;
