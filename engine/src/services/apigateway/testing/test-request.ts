import type { ApiRequest } from '../../../execute-api/exchange';
import { HeaderList } from '../../../execute-api/headers';
import { parseQuery } from '../../../execute-api/parse';

/** What a test is given of its request. */
interface Given {
  pathWithQueryString?: string | undefined;
  headers?: Record<string, string> | undefined;
  multiValueHeaders?: Record<string, string[]> | undefined;
  body?: string | undefined;
}

/** The request that a test makes, which no client ever sent. */
export function testRequest(given: Given, method: string, otherPath = '/'): ApiRequest {
  const [path = '', query = ''] = (given.pathWithQueryString ?? '').split('?', 2);
  const headers = new HeaderList();
  for (const [name, values] of Object.entries(given.multiValueHeaders ?? {})) {
    for (const value of values) headers.append(name, value);
  }
  for (const [name, value] of Object.entries(given.headers ?? {})) headers.append(name, value);
  const from = path === '' ? otherPath : `/${path.replace(/^\/+/, '')}`;
  return {
    method,
    path: from,
    stagePath: from,
    headers,
    query: parseQuery(query),
    body: Buffer.from(given.body ?? ''),
    sourceIp: 'test-invoke-source-ip',
    protocol: 'HTTP/1.1',
    domainName: 'testPrefix.testDomainName',
  };
}
