import type { CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import type { Call, Operation } from '../../kernel';
import { canRun, checkEnvironment, checkRole, checkRuntime, checkTimeout, checkVpc } from './checks';
import { storeCode } from './code';
import { keepEnvironment, readable } from './environment';
import { conflict, invalid } from './errors';
import { checkPackage, imageConfig, NO_ARCHIVE, resolveImage } from './images';
import { checkUnzipped, useLayers } from './layer-use';
import { loggingFor } from './logging';
import { parseFunctionName } from './names';
import { placeOf } from './place';
import { creating, timestamp } from './present';
import { REFUSED, refuseMembers, refuseSnapStart } from './refused';
import { checkRolePermissions } from './role-permissions';
import { specFor } from './spec';
import { type FunctionRecord, type FunctionVersion, lambdaStore, versionKey } from './store';
import { checkTagCount } from './tags';
import { publish } from './versions';

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const createFunction: Operation<'lambda', 'CreateFunction'> = async (input, call) => {
  refuseMembers('CreateFunction', input, REFUSED);
  refuseSnapStart(input.SnapStart);
  const { name } = parseFunctionName(input.FunctionName!, call);
  const isImage = input.PackageType === 'Image';
  checkPackage(input, isImage);
  if (!isImage) checkHandler(input);
  checkTimeout(input.Timeout);
  const variables = input.Environment?.Variables;
  if (variables) checkEnvironment(variables);
  const tags = { ...input.Tags };
  checkTagCount(tags);
  const logging = loggingFor(name, input.LoggingConfig);
  const layers = useLayers(input.Layers ?? [], call);
  const store = lambdaStore(call.store);
  if (store.functions.has(name)) throw conflict(`Function already exist: ${name}`);
  const roleId = await checkRole(input.Role!, call);
  const vpc = input.VpcConfig ? await checkVpc(input.VpcConfig, call) : undefined;
  const tracingMode = input.TracingConfig?.Mode ?? 'PassThrough';
  await checkRolePermissions({ functionName: name, role: input.Role!, roleId, vpc, tracingMode }, call);
  const packaged = isImage ? await packagedImage(input, call) : await packagedArchive(input, layers, call);
  const owner = { functionName: name, role: input.Role!, roleId };
  const kept = await keepEnvironment(call, owner, input.KMSKeyArn || undefined, variables);
  const version: FunctionVersion = {
    functionName: name,
    version: '$LATEST',
    description: input.Description ?? '',
    ...packaged,
    role: input.Role!,
    roleId,
    timeout: input.Timeout ?? 3,
    memorySize: input.MemorySize ?? 128,
    ...kept,
    layers,
    architecture: input.Architectures?.[0] ?? 'x86_64',
    tracingMode,
    logging,
    ephemeralStorage: input.EphemeralStorage?.Size ?? 512,
    ...(vpc ? { vpc } : {}),
    lastModified: timestamp(call.clock.now()),
    revisionId: call.ids.uuid(),
    configId: call.ids.uuid(),
  };
  const record: FunctionRecord = { name, lastVersion: 0, tags };
  store.transaction(() => {
    // Somebody may have been faster while the code was fetched.
    if (store.functions.has(name)) throw conflict(`Function already exist: ${name}`);
    store.functions.put(name, record);
    store.versions.put(versionKey(name, '$LATEST'), version);
  });
  if (canRun(version, call)) call.parts.functions.prepare(specFor(version, record, placeOf(call)));
  return creating(await readable(answerAndMoveOn(version, input.Publish ?? false, call), call), call);
};

function checkHandler({ Runtime, Handler }: CreateFunctionCommandInput): void {
  if (!Runtime || !Handler) {
    throw invalid(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  }
  checkRuntime(Runtime);
}

type Packaged = Pick<
  FunctionVersion,
  'runtime' | 'handler' | 'codeBlob' | 'codeSize' | 'codeSha256' | 'image'
>;

async function packagedArchive(
  input: CreateFunctionCommandInput,
  layers: FunctionVersion['layers'],
  call: Call,
): Promise<Packaged> {
  if (input.Code?.ImageUri !== undefined)
    throw invalid("Please don't provide ImageUri when the intended function PackageType is Zip.");
  const code = await storeCode(input.Code ?? {}, call);
  await checkUnzipped(code.unzipped, layers, call);
  const { Runtime: runtime = '', Handler: handler = '' } = input;
  return { runtime, handler, codeBlob: code.blob, codeSize: code.size, codeSha256: code.sha256 };
}

async function packagedImage(input: CreateFunctionCommandInput, call: Call): Promise<Packaged> {
  if (!input.Code?.ImageUri)
    throw invalid('Please provide ImageUri when the intended function PackageType is Image.');
  const { image, sha256 } = await resolveImage(input.Code.ImageUri, call);
  return {
    ...NO_ARCHIVE,
    codeSha256: sha256,
    image: { ...image, ...imageConfig(input.ImageConfig) },
  };
}

/** AWS answers before the function is ready; the revision that clients find afterwards is another one. */
function answerAndMoveOn(version: FunctionVersion, publishNow: boolean, call: Call): FunctionVersion {
  const store = lambdaStore(call.store);
  store.versions.put(versionKey(version.functionName, '$LATEST'), {
    ...version,
    revisionId: call.ids.uuid(),
  });
  if (!publishNow) return version;
  return { ...version, version: publish(version.functionName, undefined, call).version };
}
