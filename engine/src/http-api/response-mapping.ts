import type { Integration } from '@aws-sdk/client-apigatewayv2';
import type { Exchange, HttpResponse } from './exchange';
import { evaluate } from './mapping';

/**
 * Changes an integration's answer as the mapping of its status says.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html#http-api-mapping-response-parameters
 */
export function mapResponse(
  exchange: Exchange,
  integration: Integration,
  answer: HttpResponse,
): HttpResponse {
  const changes = integration.ResponseParameters?.[String(answer.status)];
  if (!changes) return answer;
  // All see the answer as it came.
  const values = Object.entries(changes).map(
    ([key, expression]) => [key, evaluate(exchange, expression, answer)] as const,
  );
  for (const [key, value] of values) {
    const [, how, name = ''] = /^(append|overwrite|remove):header\.(.+)$/.exec(key) ?? [];
    if (how === 'remove') answer.headers.remove(name);
    else if (value === undefined) continue;
    else if (how === 'append') answer.headers.append(name, value);
    else if (how === 'overwrite') answer.headers.set(name, value);
    else if (/^[1-5]\d\d$/.test(value)) answer.status = Number(value);
  }
  return answer;
}
