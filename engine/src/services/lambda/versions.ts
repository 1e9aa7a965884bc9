import type { Call, Operation } from '../../kernel';
import { readable } from './environment';
import { invalid, notFound, preconditionFailed } from './errors';
import { functionArn, parseFunctionName } from './names';
import { configuration } from './present';
import { type FunctionVersion, lambdaStore, versionKey } from './store';

/** Makes a version of $LATEST; where nothing changed since the last one, that one is it. */
export function publish(name: string, description: string | undefined, call: Call): FunctionVersion {
  const store = lambdaStore(call.store);
  return store.transaction(() => {
    const record = store.functions.get(name);
    const latest = store.versions.get(versionKey(name, '$LATEST'));
    if (!record || !latest) throw notFound(`Function not found: ${functionArn(call, name)}`);
    const last = store.versions.get(versionKey(name, String(record.lastVersion)));
    if (last && record.lastVersion > 0 && record.publishedConfigId === latest.configId) return last;
    const version: FunctionVersion = {
      ...latest,
      version: String(record.lastVersion + 1),
      description: description ?? latest.description,
      revisionId: call.ids.uuid(),
    };
    store.versions.put(versionKey(name, version.version), version);
    store.functions.put(name, {
      ...record,
      lastVersion: record.lastVersion + 1,
      publishedConfigId: latest.configId,
    });
    return version;
  });
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html */
export const publishVersion: Operation<'lambda', 'PublishVersion'> = async (input, call) => {
  const { name } = parseFunctionName(input.FunctionName!, call);
  const latest = lambdaStore(call.store).versions.get(versionKey(name, '$LATEST'));
  if (!latest) throw notFound(`Function not found: ${functionArn(call, name)}`);
  if (input.RevisionId !== undefined && input.RevisionId !== latest.revisionId) {
    throw preconditionFailed('GetFunction/GetAlias');
  }
  if (input.CodeSha256 !== undefined && input.CodeSha256 !== latest.codeSha256) {
    throw invalid(
      `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${latest.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  }
  const version = publish(name, input.Description, call);
  return configuration(await readable(version, call), call, version.version);
};
