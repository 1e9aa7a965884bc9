import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

interface Refusal {
  type: ResponseType;
  status: number;
  problem: string;
  title: string;
  /** Text, or a variable of API Gateway that is JSON text already. */
  detail: string;
  headers?: Record<string, string>;
}

const TOO_MANY = { status: 429, problem: 'too-many-requests', title: 'Too many requests' };
/** What is wrong, in API Gateway's words, quoted. */
const REASON = '$context.error.messageString';

const REFUSALS: readonly Refusal[] = [
  ...[ResponseType.BAD_REQUEST_BODY, ResponseType.BAD_REQUEST_PARAMETERS].map((type) => ({
    ...{ type, status: 400, problem: 'invalid-request', title: 'The request is not valid', detail: REASON },
  })),
  {
    ...{ ...TOO_MANY, type: ResponseType.THROTTLED, headers: { 'Retry-After': '1' } },
    detail: JSON.stringify('Please try again in a moment.'),
  },
  {
    ...{ ...TOO_MANY, type: ResponseType.QUOTA_EXCEEDED },
    detail: JSON.stringify('The quota of this API key is used up for today.'),
  },
  // API Gateway’s 403 for a path that the API has not; the site would show its page for a 403.
  {
    ...{ type: ResponseType.MISSING_AUTHENTICATION_TOKEN, status: 404, problem: 'not-found' },
    ...{ title: 'Not found', detail: JSON.stringify('The API has no such path or method.') },
  },
];

/** Problem details as the functions answer them (app/shared/http/problem.ts), for VTL and gateway responses. */
export function problemTemplate({
  problem,
  title,
  status,
  detail,
}: Omit<Refusal, 'type' | 'headers'>): string {
  const head = JSON.stringify({ type: `urn:theatre:problem:${problem}`, title, status });
  return `${head.slice(0, -1)},"detail":${detail},"requestId":"$context.requestId"}`;
}

/** What API Gateway refuses by itself reads like what the functions refuse. */
export function refuseAsProblems(restApi: RestApi, siteOrigin: string): void {
  for (const { type, headers = {}, ...refusal } of REFUSALS) {
    const own = Object.entries(headers).map(([name, value]) => [name, `'${value}'`]);
    restApi.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(refusal.status),
      responseHeaders: {
        'Content-Type': "'application/problem+json'",
        'Cache-Control': "'no-store'",
        'x-request-id': 'context.requestId',
        'Access-Control-Allow-Origin': `'${siteOrigin}'`,
        'Access-Control-Expose-Headers': "'x-request-id, retry-after'",
        ...Object.fromEntries(own),
      },
      templates: { 'application/json': problemTemplate(refusal) },
    });
  }
}
