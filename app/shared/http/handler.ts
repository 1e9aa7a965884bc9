import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { logger, metrics } from '../observability';
import { traced } from '../trace';
import { Problem } from './problem';

interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Route = (event: APIGatewayProxyEvent, context: Context) => Promise<Reply>;

/** The pages of our own site may read answers, and no others. */
function cors(): Record<string, string> {
  const { SITE_ORIGIN: origin } = process.env;
  if (!origin) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'x-cache, x-request-id, retry-after',
  };
}

function respond(
  status: number,
  body: unknown,
  contentType: string,
  headers: Record<string, string>,
): APIGatewayProxyResult {
  const typed: Record<string, string> = body === undefined ? {} : { 'content-type': contentType };
  return {
    statusCode: status,
    headers: { ...cors(), 'cache-control': 'no-store', ...typed, ...headers },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

/** A Lambda handler around a route: logs, trace, metrics, and errors as problem JSON that tell nothing of the inside. */
export function httpHandler(route: Route) {
  return async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const requestId = event.requestContext?.requestId ?? context.awsRequestId;
    logger.addContext(context);
    logger.resetKeys();
    logger.appendKeys({ requestId, route: `${event.httpMethod} ${event.resource}` });
    metrics.captureColdStartMetric(context.functionName);
    const common = { 'x-request-id': requestId };
    try {
      const reply = await traced(() => route(event, context));
      return respond(reply.status, reply.body, 'application/json', { ...common, ...reply.headers });
    } catch (error) {
      const problem = error instanceof Problem ? error : unexpected(error);
      if (error instanceof Problem)
        logger.info('refused', { problem: problem.type, detail: problem.message });
      return respond(problem.status, problem.toBody(requestId), 'application/problem+json', {
        ...common,
        ...problem.headers,
      });
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

function unexpected(error: unknown): Problem {
  logger.error('request failed', error instanceof Error ? error : new Error(String(error)));
  metrics.addMetric('UnexpectedError', MetricUnit.Count, 1);
  return new Problem(
    500,
    'internal',
    'Something went wrong on our side',
    'The request could not be completed. Quote the request id when you report this.',
  );
}
