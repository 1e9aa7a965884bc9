import type { EnvironmentLimits } from './environments';

/** A value that cannot be meant; the message names the variable. */
export class ExecutorSettingError extends Error {}

export type Executor = NonNullable<EnvironmentLimits['executor']>;

/** LocalStack's variables that say what functions run in. */
export const EXECUTOR_VARIABLES = [
  'LAMBDA_EXECUTOR',
  'LAMBDA_IGNORE_ARCHITECTURE',
  'LAMBDA_RUNTIME_IMAGE_MAPPING',
] as const;

export function isExecutor(text: string): text is Executor {
  return text === 'process' || text === 'docker';
}

/** https://docs.localstack.cloud/references/configuration/#lambda, where `local` is what we call a process. */
export function executorSettings(
  environment: NodeJS.ProcessEnv,
): Pick<EnvironmentLimits, 'executor' | 'ignoreArchitecture' | 'images'> {
  const [executor, ignore, mapping] = EXECUTOR_VARIABLES.map((name) => environment[name]?.trim() ?? '');
  const wanted = executor?.replace(/^local$/, 'process').replace(/^docker-reuse$/, 'docker') ?? '';
  if (wanted !== '' && !isExecutor(wanted))
    throw new ExecutorSettingError(`LAMBDA_EXECUTOR=${executor}: neither process nor docker.`);
  return {
    ...(isExecutor(wanted) ? { executor: wanted } : {}),
    ...(/^(?:1|true)$/i.test(ignore ?? '') ? { ignoreArchitecture: true } : {}),
    ...(mapping ? { images: imagesOf(mapping) } : {}),
  };
}

function imagesOf(mapping: string): Record<string, string> {
  try {
    const images: unknown = JSON.parse(mapping);
    if (typeof images === 'object' && images !== null && !Array.isArray(images)) {
      const entries = Object.entries(images);
      if (entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
        return Object.fromEntries(entries);
    }
  } catch {
    // Said below.
  }
  throw new ExecutorSettingError(
    `LAMBDA_RUNTIME_IMAGE_MAPPING=${mapping}: not JSON that names an image a runtime.`,
  );
}
