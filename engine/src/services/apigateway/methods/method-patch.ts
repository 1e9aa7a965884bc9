import type { Method } from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../kernel';
import { invalidOperation, invalidPath, type Patch, patchMap } from '../patch';
import { checkModels, checkRequestParameter, checkValidator } from './method-rules';

/** What each path of a method takes; those ending in a slash want one more part. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  apiKeyRequired: ['replace'],
  operationName: ['replace'],
  'requestParameters/': ['add', 'replace', 'remove'],
  'requestModels/': ['add', 'replace', 'remove'],
  requestValidatorId: ['replace'],
};

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateMethod-Patch */
export function applyMethodPatch(call: Call, apiId: string, method: Method, patch: Patch): void {
  const [first = '', key] = patch.parts;
  const name = key === undefined ? first : `${first}/`;
  const supported = PATHS[name];
  if (!supported || patch.parts.length > 2) throw invalidPath(patch.path);
  if (!supported.includes(patch.op)) throw invalidOperation(supported);
  const { value } = patch;
  switch (name) {
    case 'apiKeyRequired':
      method.apiKeyRequired = value === 'true';
      break;
    case 'operationName':
      method.operationName = value || undefined;
      break;
    case 'requestValidatorId':
      checkValidator(call, apiId, value);
      method.requestValidatorId = value || undefined;
      break;
    case 'requestParameters/':
      checkRequestParameter(key!);
      method.requestParameters = patchMap(
        method.requestParameters,
        key!,
        patch.op === 'remove' ? undefined : value === 'true',
      );
      break;
    case 'requestModels/':
      if (patch.op !== 'remove') checkModels(call, apiId, { [key!]: value ?? '' });
      method.requestModels = patchMap(method.requestModels, key!, patch.op === 'remove' ? undefined : value);
      break;
  }
}
