import type {
  ImageConfig,
  UpdateFunctionCodeCommandInput,
  UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import { inspectArchive } from '../../functions/archive';
import type { Call, Operation } from '../../kernel';
import { canRun, checkEnvironment, checkRole, checkRuntime, checkTimeout, checkVpc } from './checks';
import { storeCode } from './code';
import { currentVariables, type KeptEnvironment, keepEnvironment, readable } from './environment';
import { invalid, notFound, preconditionFailed } from './errors';
import { checkPackage, imageConfig, resolveImage } from './images';
import { checkUnzipped, useLayers } from './layer-use';
import { loggingFor } from './logging';
import { functionArn, parseFunctionName } from './names';
import { placeOf } from './place';
import { configuration, timestamp, updating } from './present';
import { REFUSED, refuseMembers, refuseSnapStart } from './refused';
import { checkRolePermissions } from './role-permissions';
import { specFor } from './spec';
import { type FunctionVersion, lambdaStore, type VersionImage, versionKey } from './store';
import { publish } from './versions';

function latest(text: string, call: Call, revisionId: string | undefined): FunctionVersion {
  const { name } = parseFunctionName(text, call);
  const found = lambdaStore(call.store).versions.get(versionKey(name, '$LATEST'));
  if (!found) throw notFound(`Function not found: ${functionArn(call, name)}`);
  if (revisionId !== undefined && revisionId !== found.revisionId)
    throw preconditionFailed('GetFunction/GetAlias');
  return found;
}

/** Stores a change of $LATEST; AWS's answer shows it in progress, under a revision that passes. */
function change(before: FunctionVersion, changes: Partial<FunctionVersion>, call: Call): FunctionVersion {
  const store = lambdaStore(call.store);
  const key = versionKey(before.functionName, '$LATEST');
  const after = store.transaction(() => {
    const now = store.versions.get(key);
    const record = store.functions.get(before.functionName);
    // Deleted while the code was fetched.
    if (!now || !record) throw notFound(`Function not found: ${functionArn(call, before.functionName)}`);
    const changed: FunctionVersion = {
      ...now,
      ...changes,
      lastModified: timestamp(call.clock.now()),
      revisionId: call.ids.uuid(),
      configId: call.ids.uuid(),
    };
    store.versions.put(key, changed);
    return { changed, record };
  });
  if (canRun(after.changed, call)) {
    call.parts.functions.prepare(specFor(after.changed, after.record, placeOf(call)));
  }
  return { ...after.changed, revisionId: call.ids.uuid() };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html */
export const updateFunctionCode: Operation<'lambda', 'UpdateFunctionCode'> = async (input, call) => {
  const before = latest(input.FunctionName!, call, input.RevisionId);
  const code = before.image
    ? await newImage(before.image, input, call)
    : await newArchive(before, input, call);
  const changes = {
    ...code,
    ...(input.Architectures?.[0] ? { architecture: input.Architectures[0] } : {}),
  };
  if (input.DryRun) {
    if (code.codeBlob) await call.parts.blobs.remove(code.codeBlob);
    return configuration(await readable({ ...before, ...changes }, call), call);
  }
  const after = change(before, changes, call);
  await dropUnused(before, call);
  if (!input.Publish) return updating(await readable(after, call), call);
  const published = publish(before.functionName, undefined, call);
  return configuration(await readable(published, call), call, published.version);
};

type NewCode = Partial<Pick<FunctionVersion, 'codeBlob' | 'codeSize' | 'codeSha256' | 'image'>>;

async function newArchive(
  before: FunctionVersion,
  input: UpdateFunctionCodeCommandInput,
  call: Call,
): Promise<NewCode> {
  if (input.ImageUri !== undefined) {
    throw invalid("Please don't provide ImageUri when updating a function with packageType Zip.");
  }
  const code = await storeCode(input, call);
  await checkUnzipped(code.unzipped, before.layers, call);
  return { codeBlob: code.blob, codeSize: code.size, codeSha256: code.sha256 };
}

async function newImage(
  before: VersionImage,
  input: UpdateFunctionCodeCommandInput,
  call: Call,
): Promise<NewCode> {
  if (!input.ImageUri || input.ZipFile !== undefined || input.S3Bucket !== undefined) {
    throw invalid('Please provide ImageUri when updating a function with packageType Image.');
  }
  const { image, sha256 } = await resolveImage(input.ImageUri, call);
  return { codeSha256: sha256, image: { ...image, ...imageConfig(before.config) } };
}

/** Code that no version has any more goes. */
async function dropUnused({ functionName, codeBlob, image }: FunctionVersion, call: Call): Promise<void> {
  if (image) return;
  for (const version of lambdaStore(call.store).versions.values({ prefix: [functionName] })) {
    if (version.codeBlob === codeBlob) return;
  }
  await call.parts.blobs.remove(codeBlob);
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html */
export const updateFunctionConfiguration: Operation<'lambda', 'UpdateFunctionConfiguration'> = async (
  input,
  call,
) => {
  refuseMembers('UpdateFunctionConfiguration', input, REFUSED);
  refuseSnapStart(input.SnapStart);
  const before = latest(input.FunctionName!, call, input.RevisionId);
  checkPackage(input, before.image !== undefined);
  if (input.Runtime !== undefined) checkRuntime(input.Runtime);
  checkTimeout(input.Timeout);
  const variables = input.Environment ? (input.Environment.Variables ?? {}) : undefined;
  if (variables) checkEnvironment(variables);
  const layers = input.Layers ? useLayers(input.Layers, call) : undefined;
  if (layers?.length) {
    const { size } = await inspectArchive(call.parts.blobs.path(before.codeBlob));
    await checkUnzipped(size, layers, call);
  }
  const roleId = input.Role === undefined ? undefined : await checkRole(input.Role, call);
  const vpc = input.VpcConfig ? await checkVpc(input.VpcConfig, call) : undefined;
  const changes: Partial<FunctionVersion> = {
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.Runtime === undefined ? {} : { runtime: input.Runtime }),
    ...(input.Handler === undefined ? {} : { handler: input.Handler }),
    ...(input.Role === undefined || roleId === undefined ? {} : { role: input.Role, roleId }),
    ...(input.Timeout === undefined ? {} : { timeout: input.Timeout }),
    ...(input.MemorySize === undefined ? {} : { memorySize: input.MemorySize }),
    ...(await newEnvironment(before, input, roleId, call)),
    ...(layers ? { layers } : {}),
    ...(vpc ? { vpc } : {}),
    ...(input.TracingConfig?.Mode ? { tracingMode: input.TracingConfig.Mode } : {}),
    ...(input.EphemeralStorage?.Size ? { ephemeralStorage: input.EphemeralStorage.Size } : {}),
    ...(input.ImageConfig && before.image ? { image: withConfig(before.image, input.ImageConfig) } : {}),
    logging: loggingFor(before.functionName, input.LoggingConfig, before.logging),
  };
  if (input.VpcConfig || input.TracingConfig || roleId !== undefined)
    await checkRolePermissions({ ...before, ...changes }, call);
  return updating(await readable(change(before, changes, call), call), call);
};

/** A customer's key, or another role under one, has the variables encrypted anew. An empty key's ARN is no key. */
async function newEnvironment(
  before: FunctionVersion,
  { Environment, KMSKeyArn, Role }: UpdateFunctionConfigurationCommandInput,
  roleId: string | undefined,
  call: Call,
): Promise<Partial<KeptEnvironment>> {
  const keyArn = (KMSKeyArn ?? before.sealed?.keyArn) || undefined;
  const same = KMSKeyArn === undefined && (Role === undefined || keyArn === undefined);
  if (!Environment && same) return {};
  const variables = Environment ? (Environment.Variables ?? {}) : await currentVariables(before, call);
  const { functionName } = before;
  const role = { role: Role ?? before.role, roleId: roleId ?? before.roleId };
  return keepEnvironment(call, { functionName, ...role }, keyArn, variables);
}

function withConfig({ config: _before, ...image }: VersionImage, config: ImageConfig): VersionImage {
  return { ...image, ...imageConfig(config) };
}
