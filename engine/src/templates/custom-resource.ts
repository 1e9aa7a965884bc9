import {
  AwsError,
  type ExistingResource,
  isAwsError,
  notImplemented,
  type Properties,
  type PropertyTree,
  type Provisioned,
  type ResourceContext,
  type ResourceProvider,
} from '../kernel';
import { awaitResponse, type CustomResourceResponse } from './custom-resource-responses';
import { isObject } from './template';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html */
type Request = 'Create' | 'Update' | 'Delete';

/** Marks the attributes of a resource whose function said NoEcho: outputs do not show them. */
export const NO_ECHO = '(NoEcho)';

const HOUR = 3600;
const MAX_RESPONSE = 4096;
/** Characters of a function's error that are told: some carry whole documents. */
const MAX_SAID = 2000;

/** Properties reach the function as texts, lists and maps: CloudFormation turns every scalar into a text. */
function texts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(texts);
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, texts(each)]));
  }
  return value === null || value === undefined ? value : String(value);
}

function failure(message: string, physicalId?: string): AwsError {
  return new AwsError('CustomResourceFailed', message, {
    members: physicalId ? { PhysicalResourceId: physicalId } : {},
  });
}

function timeoutSeconds(properties: Properties): number {
  const given = properties.ServiceTimeout;
  if (given === undefined) return HOUR;
  const seconds = Number(given);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > HOUR) {
    throw failure('ServiceTimeout must be an integer between 1 and 3600');
  }
  return seconds;
}

function check(response: CustomResourceResponse | undefined, physicalId: string | undefined): Provisioned {
  const id = typeof response?.PhysicalResourceId === 'string' ? response.PhysicalResourceId : undefined;
  if (response?.Status === 'FAILED') {
    const reason =
      typeof response.Reason === 'string' && response.Reason !== '' ? response.Reason : undefined;
    throw failure(
      `Received response status [FAILED] from custom resource. Message returned: ${reason ?? 'No reason given'}`,
      id,
    );
  }
  if (response?.Status !== 'SUCCESS')
    throw failure('Invalid response from custom resource: Status must be SUCCESS or FAILED', id);
  const known = id ?? physicalId;
  if (!known) throw failure('Invalid PhysicalResourceId');
  if (response.Data !== undefined && response.Data !== null && !isObject(response.Data)) {
    throw failure('Invalid response from custom resource: Data must be an object', id);
  }
  const data = isObject(response.Data) ? response.Data : {};
  const secret = response.NoEcho === true || response.NoEcho === 'true';
  return { physicalId: known, attributes: secret ? { ...data, [NO_ECHO]: true } : data };
}

/** What a function that failed said of it, in a sentence with the place of its log. */
async function functionFailure(
  call: ResourceContext['call'],
  token: string,
  payload: Uint8Array | undefined,
): Promise<string> {
  const error = parsed(payload);
  const type = typeof error.errorType === 'string' ? error.errorType : undefined;
  const message = typeof error.errorMessage === 'string' ? error.errorMessage : undefined;
  const said = [type, message]
    .filter((part) => part !== undefined && part !== '')
    .join(': ')
    .slice(0, MAX_SAID);
  // Told beyond what AWS tells: the stack's role needs no permission for it.
  const as = call.parts.identity.servicePrincipal('cloudformation.amazonaws.com', call.account);
  const configuration = await call
    .invoke('lambda', 'GetFunctionConfiguration', { FunctionName: token }, { as })
    .catch(() => undefined);
  const log = configuration?.LoggingConfig?.LogGroup;
  return `(The function failed with ${said || 'an error that it did not name'}.${log ? ` Log group: ${log}` : ''})`;
}

function parsed(payload: Uint8Array | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload ?? []).toString('utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Asks the function and waits for what it sends to the ResponseURL. */
async function request(
  type: string,
  kind: Request,
  resource: ResourceContext & Partial<ExistingResource>,
  previous?: Properties,
): Promise<Provisioned> {
  const { call, logicalId, stackId, properties } = resource;
  const token = String(properties.ServiceToken ?? '');
  if (token.startsWith('arn:aws:sns:')) throw notImplemented('custom resources behind an SNS topic');
  if (!/^arn:[\w-]+:lambda:/.test(token)) {
    throw failure(`Invalid service token: ${token === '' ? 'it must be given' : token}`);
  }
  const requestId = call.ids.uuid();
  const path = encodeURIComponent(`${stackId}|${logicalId}|${requestId}`);
  const host = `cloudformation-custom-resource-response-${call.region.replaceAll('-', '')}.s3.${call.region}.amazonaws.com`;
  const event = {
    RequestType: kind,
    ServiceToken: token,
    ResponseURL: `https://${host}/${path}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=7200`,
    StackId: stackId,
    RequestId: requestId,
    LogicalResourceId: logicalId,
    ...(resource.physicalId === undefined ? {} : { PhysicalResourceId: resource.physicalId }),
    ResourceType: type,
    ResourceProperties: texts(properties),
    ...(previous ? { OldResourceProperties: texts(previous) } : {}),
  };
  const seconds = timeoutSeconds(properties);
  const silence = `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${requestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.`;

  const response = await new Promise<CustomResourceResponse | undefined>((resolve, reject) => {
    const stopTimer = call.clock.after(seconds * 1000, () => {
      stopListening();
      reject(failure(silence));
    });
    const stopListening = awaitResponse(call, requestId, (heard) => {
      stopTimer();
      resolve(heard);
    });
    const fail = (error: unknown): void => {
      stopTimer();
      stopListening();
      reject(error);
    };
    call
      .invoke('lambda', 'Invoke', {
        FunctionName: token,
        InvocationType: 'RequestResponse',
        Payload: Buffer.from(JSON.stringify(event)),
      })
      .then(async (result) => {
        // AWS would wait for the hour to pass; the outcome is the same, and here says why.
        if (result.FunctionError)
          fail(failure(`${silence} ${await functionFailure(call, token, result.Payload)}`));
      }, fail);
  });
  const size = Buffer.byteLength(JSON.stringify(response ?? null));
  if (size > MAX_RESPONSE) throw failure('Response object is too long.');
  return check(response, resource.physicalId);
}

/** The properties of a custom resource are its function's business: none is refused. */
export const ANY_PROPERTY: PropertyTree = {};

/** `Custom::X` and AWS::CloudFormation::CustomResource: made by the function that ServiceToken names. */
export function customResource(type: string): ResourceProvider {
  return {
    type,
    properties: ANY_PROPERTY,
    create: (resource) => request(type, 'Create', resource),
    update: (resource) => request(type, 'Update', resource, resource.previous),
    async delete(resource) {
      try {
        await request(type, 'Delete', resource);
      } catch (error) {
        if (isAwsError(error, 'ResourceNotFoundException')) {
          throw failure(`Function not found: ${String(resource.properties.ServiceToken)}`);
        }
        throw error;
      }
    },
  };
}
