import type { Integration } from '@aws-sdk/client-apigatewayv2';
import { HeaderList } from '../execute-api/headers';
import type { Exchange } from './exchange';
import { evaluate } from './mapping';

/** A request as the integration gets it. */
export interface Mapped {
  headers: HeaderList;
  query: [name: string, value: string][];
  /** Instead of the path; undefined where nothing says so. */
  path: string | undefined;
}

/**
 * Changes headers, query and path as the integration's mapping says.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export function mapRequest(exchange: Exchange, integration: Integration, sent: HeaderList): Mapped {
  const headers = new HeaderList();
  for (const [name, value] of sent.entries) headers.append(name, value);
  const mapped: Mapped = { headers, query: [...exchange.request.query], path: undefined };
  for (const [key, expression] of Object.entries(integration.RequestParameters ?? {})) {
    const value = key.startsWith('remove:') ? '' : evaluate(exchange, expression);
    if (value === undefined) continue;
    if (key === 'overwrite:path') {
      mapped.path = value;
      continue;
    }
    const [, how = '', place, name = ''] = /^(\w+):(header|querystring)\.(.+)$/.exec(key) ?? [];
    if (place === 'header') changeHeader(headers, how, name, value);
    else mapped.query = changedQuery(mapped.query, how, name, value);
  }
  return mapped;
}

function changeHeader(headers: HeaderList, how: string, name: string, value: string): void {
  if (how === 'append') headers.append(name, value);
  else if (how === 'overwrite') headers.set(name, value);
  else headers.remove(name);
}

function changedQuery(query: Mapped['query'], how: string, name: string, value: string): Mapped['query'] {
  const others = how === 'append' ? query : query.filter(([key]) => key !== name);
  return how === 'remove' ? others : [...others, [name, value]];
}
