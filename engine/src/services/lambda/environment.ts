import type { EnvironmentError } from '@aws-sdk/client-lambda';
import { AwsError, type Call, type Host, isAwsError, type Principal } from '../../kernel';
import { invalid } from './errors';
import { functionArn } from './names';
import type { Place } from './place';
import type { FunctionVersion } from './store';

/** How a version's variables are kept: in the engine's own seal, or under a customer's key. */
export type KeptEnvironment = Pick<FunctionVersion, 'environment' | 'sealed'>;

type Variables = Record<string, string>;

type Where = Pick<Call, 'account' | 'region'>;

/** As AWS's context has it, so that a key's policy can speak of it. */
const contextOf = (call: Where, name: string) => ({
  'aws:lambda:FunctionArn': functionArn(call, name),
});

/**
 * Encrypts variables under a customer's key and lets the function's role decrypt them, both with the caller's
 * permissions: kms:Encrypt and kms:CreateGrant.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html#managing-permissions-to-your-server-side-encryption-key
 */
export async function keepEnvironment(
  call: Call,
  version: Pick<FunctionVersion, 'functionName' | 'role' | 'roleId'>,
  keyArn: string | undefined,
  variables: Variables | undefined,
): Promise<KeptEnvironment> {
  if (keyArn === undefined) return { environment: variables, sealed: undefined };
  if (!variables || Object.keys(variables).length === 0) {
    return { environment: variables, sealed: { keyArn } };
  }
  const EncryptionContext = contextOf(call, version.functionName);
  const grantee = call.parts.identity.roleSession(version.role, version.roleId, version.functionName);
  const grant = await configuring('CreateGrant', () =>
    call.invoke('kms', 'CreateGrant', {
      KeyId: keyArn,
      GranteePrincipal: grantee.arn,
      Operations: ['Decrypt', 'RetireGrant'],
      Constraints: { EncryptionContextEquals: EncryptionContext },
    }),
  );
  const { CiphertextBlob } = await configuring('Encrypt', () =>
    call.invoke('kms', 'Encrypt', {
      KeyId: keyArn,
      Plaintext: Buffer.from(JSON.stringify(variables)),
      EncryptionContext,
    }),
  );
  return { environment: undefined, sealed: { keyArn, blob: CiphertextBlob!, grantId: grant.GrantId! } };
}

async function configuring<T>(operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAwsError(error)) throw error;
    const told = `KMS Exception: ${error.code} KMS Message: ${error.message}`;
    const unable = 'Lambda was unable to configure access to your environment variables because the KMS';
    if (error.code === 'AccessDeniedException') {
      const message = `${unable} access was denied. Please check your KMS permissions. ${told}`;
      throw new AwsError('AccessDeniedException', message, { status: 403 });
    }
    throw invalid(`${unable} key is invalid for ${operation}. Please check your KMS key settings. ${told}`);
  }
}

async function open(host: Host, place: Where, version: FunctionVersion, as: Principal): Promise<Variables> {
  const { account, region } = place;
  const { Plaintext } = await host.invoke(
    'kms',
    'Decrypt',
    {
      KeyId: version.sealed!.keyArn,
      CiphertextBlob: version.sealed!.blob!,
      EncryptionContext: contextOf(place, version.functionName),
    },
    { as, account, region },
  );
  return JSON.parse(Buffer.from(Plaintext!).toString()) as Variables;
}

const throughLambda = (caller: Principal): Principal => ({
  ...caller,
  calledVia: [...(caller.calledVia ?? []), 'lambda.amazonaws.com'],
});

/** A version as its reader may see it. */
export type ShownVersion = FunctionVersion & { environmentError?: EnvironmentError };

/** Whoever may not decrypt the variables sees all but them. */
export async function readable(version: FunctionVersion, call: Call): Promise<ShownVersion> {
  if (!version.sealed?.blob) return version;
  try {
    return { ...version, environment: await open(call, call, version, throughLambda(call.principal)) };
  } catch (error) {
    if (!isAwsError(error)) throw error;
    const why =
      error.code === 'AccessDeniedException'
        ? 'the KMS access was denied. Please check your KMS permissions.'
        : 'the KMS key is invalid. Please check your KMS key settings.';
    return {
      ...version,
      environmentError: {
        ErrorCode: error.code,
        Message: `Lambda was unable to decrypt your environment variables because ${why} KMS Exception: ${error.code} KMS Message: ${error.message}`,
      },
    };
  }
}

/** The variables as they are now, for an update that changes their key or role only. */
export async function currentVariables(version: FunctionVersion, call: Call): Promise<Variables | undefined> {
  const { environment, environmentError } = await readable(version, call);
  if (environmentError) throw invalid(environmentError.Message ?? '');
  return environment;
}

const PROBLEMS: Readonly<Record<string, [code: string, why: string]>> = {
  AccessDeniedException: ['KMSAccessDeniedException', 'KMS access was denied'],
  DisabledException: ['KMSDisabledException', 'the KMS key used is disabled'],
  KMSInvalidStateException: [
    'KMSInvalidStateException',
    'the KMS key used is in an invalid state for Decrypt',
  ],
  NotFoundException: ['KMSNotFoundException', 'the KMS key was not found'],
  InvalidCiphertextException: ['KMSNotFoundException', 'the KMS key was not found'],
};

export const KMS_PROBLEMS = [...new Set(Object.values(PROBLEMS).map(([code]) => code))];

/** What an environment does when it starts, as the function's role: the grant allows it, unless somebody denies. */
export async function openAtStart(version: FunctionVersion, place: Place): Promise<Variables> {
  const { host } = place;
  const role = host.parts.identity.roleSession(version.role, version.roleId, version.functionName);
  try {
    return await open(host, place, version, throughLambda(role));
  } catch (error) {
    const [code, why] = (isAwsError(error) && PROBLEMS[error.code]) || [];
    if (code === undefined || !isAwsError(error)) throw error;
    throw new AwsError(
      code,
      `Lambda was unable to decrypt the environment variables because ${why}. Please check the function's KMS key settings. KMS Exception: ${error.code}KMS Message: ${error.message}`,
      { status: 502 },
    );
  }
}

/** What Lambda was granted for versions that are gone. */
export async function retireGrants(versions: readonly FunctionVersion[], call: Call): Promise<void> {
  const as = call.parts.identity.servicePrincipal('lambda.amazonaws.com', call.account);
  const grants = new Map(versions.map(({ sealed }) => [sealed?.grantId, sealed?.keyArn]));
  for (const [GrantId, KeyId] of grants) {
    if (GrantId === undefined) continue;
    try {
      await call.invoke('kms', 'RetireGrant', { GrantId, KeyId }, { as });
    } catch (error) {
      // Revoked by hand, or its key is gone.
      if (!isAwsError(error)) throw error;
    }
  }
}
