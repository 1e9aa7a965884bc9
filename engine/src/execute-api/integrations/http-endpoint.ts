import { isLoopback } from '../../kernel/loopback';
import { isOwnName, OutboundError, type OutboundStream, outboundStream } from '../../network/outbound';
import { type Exchange, routeOf } from '../exchange';
import { Fault, misconfigured, networkError } from '../faults';
import { HeaderList } from '../headers';
import { withStageVariables } from '../mapping';
import { endpointCall, tracedAs } from '../tracing';
import { checkAnswerLength } from './answer-limit';
import type { Payload } from './content-handling';
import { logRequest } from './endpoint-log';
import { filledPath } from './urls';

/** The endpoint of an HTTP integration, with its own query and what is added to it. */
export function endpointUrl(
  exchange: Exchange,
  path: Readonly<Record<string, string>>,
  query: readonly (readonly [name: string, value: string])[],
): URL {
  const uri = routeOf(exchange).method.methodIntegration?.uri ?? '';
  const variables = exchange.deployed.stage.variables;
  let url: URL;
  try {
    url = new URL(filledPath(withStageVariables(uri, variables), path));
  } catch {
    throw misconfigured('Invalid endpoint address');
  }
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url;
}

/** Sends a request to an HTTP endpoint. Nothing of it ever leaves this machine. */
export async function callEndpoint(
  exchange: Exchange,
  url: URL,
  headers: HeaderList,
  payload: Payload,
): Promise<OutboundStream> {
  const { host, log, request } = exchange;
  const integration = routeOf(exchange).method.methodIntegration ?? {};
  const method = integration.httpMethod === 'ANY' ? request.method : (integration.httpMethod ?? 'GET');
  tracedAs(exchange, () => endpointCall(url, method));
  logRequest(exchange, { uri: String(url), headers: headers.single(), payload, signed: false });
  if (!isLoopback(url.hostname) && !isOwnName(url.hostname)) {
    log?.add('tierkit calls endpoints of this machine only');
    throw networkError(`Execution failed due to an internal error: ${url.hostname} is not on this machine`);
  }
  try {
    return await outboundStream(host, {
      url,
      ...(headers.has('Host') && { hostHeader: headers.get('Host')! }),
      method,
      headers: { flat: () => headers.entries.filter(([name]) => name.toLowerCase() !== 'host').flat() },
      body: payload.bytes,
      identity: exchange.deployed.identity,
      insecure: integration.tlsConfig?.insecureSkipVerification === true,
      timeout: integration.timeoutInMillis ?? 29_000,
    });
  } catch (error) {
    if (error instanceof OutboundError)
      throw networkError(`Execution failed due to an internal error: ${error.message}`);
    throw error;
  }
}

/** The whole body, for those who do not stream it. */
export async function bodyOf({ rawHeaders, stream }: OutboundStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = Number(HeaderList.fromRaw(rawHeaders).get('content-length') ?? 0);
  try {
    checkAnswerLength(length);
    length = 0;
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      length += bytes.length;
      checkAnswerLength(length);
      chunks.push(bytes);
    }
  } catch (error) {
    stream.destroy();
    if (error instanceof Fault) throw error;
    throw networkError(`Execution failed due to an internal error: ${error}`);
  }
  return Buffer.concat(chunks);
}
