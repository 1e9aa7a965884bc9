import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { ZodType } from 'zod';
import { Problem } from './problem';

/** The body as a schema wants it, or the Problem that says what is wrong with it. */
export function bodyOf<T>(event: APIGatewayProxyEvent, schema: ZodType<T>): T {
  if (!event.body) throw Problem.invalid([{ at: '/', message: 'a JSON body is required' }]);
  const text = event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('utf8') : event.body;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw Problem.invalid([{ at: '/', message: 'the body is not JSON' }]);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw Problem.fromZod(parsed.error, 'body');
  return parsed.data;
}

/** Path and query parameters together, as a schema wants them. */
export function parametersOf<T>(event: APIGatewayProxyEvent, schema: ZodType<T>): T {
  const parsed = schema.safeParse({ ...event.queryStringParameters, ...event.pathParameters });
  if (!parsed.success) throw Problem.fromZod(parsed.error, 'parameters');
  return parsed.data;
}

/** Header names are case-insensitive; API Gateway hands them over as the client wrote them. */
export function headerOf(event: APIGatewayProxyEvent, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of Object.entries(event.headers ?? {})) {
    if (key.toLowerCase() === wanted && value !== undefined) return value;
  }
  return undefined;
}
