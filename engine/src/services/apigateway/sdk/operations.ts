import type { SdkType } from '@aws-sdk/client-api-gateway';
import { zipSync } from 'fflate';
import { notImplemented, type Operation, type Output } from '../../../kernel';
import { badRequest, notFound, requireApi } from '../errors';
import { tables } from '../store';
import { clientText, methodsOf } from './client';
import { typesText } from './declarations';

const JAVASCRIPT: SdkType = { id: 'javascript', friendlyName: 'JavaScript', description: 'JavaScript' };

/** What API Gateway generates besides. https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-generate-sdk.html */
const OTHERS = ['android', 'java', 'objectivec', 'swift', 'ruby'];

export const getSdkTypes: Operation<'apigateway', 'GetSdkTypes'> = () => ({ items: [JAVASCRIPT] });

export const getSdkType: Operation<'apigateway', 'GetSdkType'> = (input) => {
  if (input.id === JAVASCRIPT.id) return JAVASCRIPT;
  if (OTHERS.includes(input.id ?? '')) throw notImplemented(`API Gateway SDKs of type '${input.id}'`);
  throw notFound('Invalid SDK type identifier specified');
};

type Body = NonNullable<Output<'apigateway', 'GetSdk'>['body']>;

/** The SDK's outputs dress bytes up with a method; an operation's are plain. */
const asBlob = (bytes: Uint8Array) => bytes as Body;

/**
 * A client of a stage, with types from its models.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-generate-sdk-javascript.html
 */
export const getSdk: Operation<'apigateway', 'GetSdk'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const { snapshots, stages } = tables(call);
  if (OTHERS.includes(input.sdkType ?? ''))
    throw notImplemented(`API Gateway GetSdk sdkType '${input.sdkType}'`);
  if (input.sdkType !== JAVASCRIPT.id) throw badRequest(`Invalid SDK type specified: ${input.sdkType}`);
  const stage = stages.get([id, input.stageName ?? '']);
  const snapshot = stage && snapshots.get([id, stage.deploymentId]);
  if (!stage || !snapshot) throw notFound('Invalid stage identifier specified');
  const methods = methodsOf(snapshot);
  const invokeUrl = `https://${id}.execute-api.${call.region}.amazonaws.com/${stage.stageName}`;
  const file = (text: string) => Buffer.from(text);
  const files = {
    'apiGateway-js-sdk/README.md': file(
      `A client of the API ${id}, stage ${stage.stageName}: ${invokeUrl}\n`,
    ),
    // "If your API only has ANY methods defined, the generated SDK package will not contain an apigClient.js file."
    ...(methods.length > 0 && {
      'apiGateway-js-sdk/apigClient.js': file(clientText(methods, invokeUrl, call.region)),
      'apiGateway-js-sdk/apigClient.d.ts': file(typesText(snapshot, methods)),
    }),
  };
  return {
    contentType: 'application/octet-stream',
    contentDisposition: `attachment; filename="javascript_${call.clock.now().toISOString().slice(0, 10)}.zip"`,
    body: asBlob(zipSync(files, { mtime: call.clock.now() })),
  };
};
