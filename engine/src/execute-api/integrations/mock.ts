import { type ApiResponse, type Exchange, routeOf } from '../exchange';
import { misconfigured, unsupportedMediaType } from '../faults';
import { HeaderList } from '../headers';
import { renderTemplate } from '../templates';
import { answer } from './integration-response';

/**
 * MOCK: the request template's `statusCode` chooses the integration response; no backend is called.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export function mock(exchange: Exchange): ApiResponse {
  const body = requestBody(exchange);
  const status = statusCodeOf(body);
  if (status === undefined) {
    throw misconfigured(
      'Unable to parse statusCode. It should be an integer that is defined in the request template.',
    );
  }
  return answer(exchange, { selector: String(status), headers: new HeaderList(), body: '' });
}

function requestBody(exchange: Exchange): string {
  const { request } = exchange;
  const integration = routeOf(exchange).method.methodIntegration!;
  const templates = integration.requestTemplates ?? {};
  const contentType = request.headers.get('content-type')?.split(';')[0]?.trim() || 'application/json';
  const template = templates[contentType] ?? templates.$default;
  const text = request.body.toString('utf8');
  if (template !== undefined && template !== null) return renderTemplate(exchange, template, text).text;
  const behaviour = integration.passthroughBehavior ?? 'WHEN_NO_MATCH';
  const none = Object.keys(templates).length === 0;
  if (behaviour === 'NEVER' || (behaviour === 'WHEN_NO_TEMPLATES' && !none)) throw unsupportedMediaType();
  return text;
}

/** AWS reads the template's JSON leniently: `{ statusCode: 204 }`, as CDK writes it, is fine. */
function statusCodeOf(text: string): number | undefined {
  const match = /(?:^|[{,\s])["']?statusCode["']?\s*:\s*["']?(\d{3})["']?\s*(?:[,}\s]|$)/.exec(text);
  return match && text.trim().startsWith('{') ? Number(match[1]) : undefined;
}
