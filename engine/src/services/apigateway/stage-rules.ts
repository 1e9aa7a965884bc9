import { notImplemented } from '../../kernel';
import { badRequest } from './errors';

interface StageSettings {
  cacheClusterEnabled?: boolean;
  cacheClusterSize?: string;
  documentationVersion?: string;
}

/** Settings that would change how requests are answered, and do not yet. */
export function refuseStageSettings(operation: string, input: StageSettings): void {
  const refuse = (name: string) => notImplemented(`API Gateway ${operation} ${name}`);
  if (input.cacheClusterEnabled) throw refuse('cacheClusterEnabled');
  if (input.cacheClusterSize) throw refuse('cacheClusterSize');
  if (input.documentationVersion) throw refuse('documentationVersion');
}

export function checkStageName(name: string): void {
  if (!/^[\w-]{1,128}$/.test(name)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html#apigw-CreateStage-request-variables */
export function checkVariables(variables: Readonly<Record<string, string>> | undefined): void {
  for (const [name, value] of Object.entries(variables ?? {})) {
    if (!/^\w+$/.test(name)) {
      throw badRequest(`Invalid stage variable name: ${name}.  Please use names with only word characters.`);
    }
    if (!/^[A-Za-z0-9\-._~:/?#&=, ]+$/.test(value)) {
      throw badRequest(
        `Invalid stage variable value: ${value}.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.`,
      );
    }
  }
}
