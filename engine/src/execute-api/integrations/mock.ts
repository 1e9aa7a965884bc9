import type { ApiResponse, Exchange } from '../exchange';
import { misconfigured } from '../faults';
import { HeaderList } from '../headers';
import { requestBody } from './integration-request';
import { answer } from './integration-response';

/**
 * MOCK: the request template's `statusCode` chooses the integration response; no backend is called.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export function mock(exchange: Exchange): ApiResponse {
  const status = statusCodeOf(requestBody(exchange).bytes.toString('utf8'));
  if (status === undefined) {
    throw misconfigured(
      'Unable to parse statusCode. It should be an integer that is defined in the request template.',
    );
  }
  return answer(exchange, { selector: String(status), headers: new HeaderList(), body: Buffer.alloc(0) });
}

/** AWS reads the template's JSON leniently: `{ statusCode: 204 }`, as CDK writes it, is fine. */
function statusCodeOf(text: string): number | undefined {
  const match = /(?:^|[{,\s])["']?statusCode["']?\s*:\s*["']?(\d{3})["']?\s*(?:[,}\s]|$)/.exec(text);
  return match && text.trim().startsWith('{') ? Number(match[1]) : undefined;
}
