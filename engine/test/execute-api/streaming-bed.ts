import type { EngineEvent } from '../../src/observe';
import { Bed, type TestApi } from '../apigateway/support';

type Integration = Parameters<TestApi['method']>[2];

/** AWS_PROXY that streams: https://docs.aws.amazon.com/apigateway/latest/developerguide/response-streaming-lambda-configure.html */
export function streamOf(functionArn: string, more: Partial<Integration> = {}): Integration {
  const path = `2021-11-15/functions/${functionArn}/response-streaming-invocations`;
  return {
    type: 'AWS_PROXY',
    integrationHttpMethod: 'POST',
    uri: `arn:aws:apigateway:us-east-1:lambda:path/${path}`,
    responseTransferMode: 'STREAM',
    ...more,
  };
}

/** A streaming function out of the body of its handler; `answer(head)` begins a response. */
export const handler = (body: string): string =>
  `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
     const answer = (head) => { stream = awslambda.HttpResponseStream.from(stream, head); };
     ${body}
   });`;

let count = 0;

/** A deployed API whose GET / streams what the handler writes. */
export async function streamingApi(
  bed: Bed,
  body: string,
  more: Partial<Integration> = {},
): Promise<TestApi> {
  const api = await bed.newApi();
  const functionArn = await bed.newFunction(`streaming-${++count}`, handler(body));
  await api.method('GET', '/', streamOf(functionArn, more));
  await api.deploy();
  return api;
}

export type Seen = Extract<EngineEvent, { type: 'http' }>;

/** Resolves when a request to the API has come to its end, whatever that is; to be asked for before. */
export function requestSeen(bed: Bed, api: TestApi): Promise<Seen> {
  return new Promise((done) => {
    const stop = bed.cloud.host().parts.events.subscribe((event) => {
      if (event.type !== 'http' || !event.target.startsWith(api.id)) return;
      stop();
      done(event);
    });
  });
}

export { Bed };
