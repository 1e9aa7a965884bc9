import { PassThrough } from 'node:stream';
import type { InvokeWithResponseStreamResponseEvent } from '@aws-sdk/client-lambda';
import type { InvocationResult } from '../../functions';
import type { Operation } from '../../kernel';
import { bytesOf, checkInvocation, runVersion } from './invoke';
import { chooseVersion, resolveFunction } from './names';
import { placeOf } from './place';
import { refuseMembers } from './refused';

/**
 * The response as the function writes it, and then how it ended. Of a function that does not stream, it comes in one
 * piece.
 * https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */
export const invokeWithResponseStream: Operation<'lambda', 'InvokeWithResponseStream'> = async (
  input,
  call,
) => {
  refuseMembers('InvokeWithResponseStream', input, ['TenantId']);
  const found = resolveFunction(input.FunctionName!, call, input.Qualifier);
  const payload = bytesOf(input.Payload);
  const type = input.InvocationType ?? 'RequestResponse';
  checkInvocation(found, payload, type, call);
  if (type === 'DryRun') return { StatusCode: 204, ExecutedVersion: found.version.version };
  const version = chooseVersion(found, placeOf(call));
  const response = new PassThrough();
  const running = runVersion(found, version, payload, input, call, response);
  const ended = running.finally(() => response.end());
  // Whoever reads the events meets it there.
  ended.catch(() => {});
  // An invocation that never began is an error of its own.
  await Promise.race([running, new Promise((begun) => response.once('readable', begun))]);
  return {
    StatusCode: 200,
    ExecutedVersion: version.version,
    EventStream: events(response, ended, input.LogType === 'Tail'),
  };
};

async function* events(
  response: PassThrough,
  ended: Promise<InvocationResult>,
  tail: boolean,
): AsyncGenerator<InvokeWithResponseStreamResponseEvent> {
  for await (const Payload of response) yield { PayloadChunk: { Payload } };
  const { payload, functionError, errorType, logTail } = await ended;
  if (!functionError && payload.length > 0) yield { PayloadChunk: { Payload: payload } };
  yield {
    InvokeComplete: {
      ...(functionError && {
        ErrorCode: errorType ?? functionError,
        ErrorDetails: Buffer.from(payload).toString('utf8'),
      }),
      ...(tail && { LogResult: Buffer.from(logTail).toString('base64') }),
    },
  };
}
