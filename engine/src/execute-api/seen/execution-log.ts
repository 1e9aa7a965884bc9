import type { Exchange } from '../exchange';
import type { ExecutionLog } from '../log';
import { methodSetting } from '../method-settings';
import { logDelivery, ofRestApi } from './log-delivery';

/** What API Gateway says of the data that went through: only where the method's data is traced. */
const DATA =
  /^(Method (request|response)|Endpoint (request|response)|Sending request to|Received response)\b/;

/** What is said of every request, whatever came of it. */
const INFORMATION = new RegExp(
  '^(Extended Request Id|X-ray Tracing ID|Verifying Usage Plan|Usage Plan check succeeded|Starting |HTTP Method|' +
    'Successfully|Request validation succeeded|AWS Integration Endpoint RequestId|Using valid authorizer|Cache |' +
    'API Key .* authorized because)',
);
const REFUSED_KEY = /^API Key .* not authorized because/;

/** Longer events are cut: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
const MAX_BYTES = 1024;

/**
 * The execution log of a request in CloudWatch Logs, as much of it as the stage's settings of the method ask for.
 * Requests that no method answers leave none, but those of clients whose certificate was refused.
 */
export function writeExecutionLog(exchange: Exchange, log: ExecutionLog): void {
  const { deployed, host, request, requestId, route } = exchange;
  const every = request.tlsClient?.refusal === undefined ? undefined : deployed.stage.methodSettings?.['*/*'];
  const setting = route ? methodSetting(exchange) : every;
  const level = setting?.loggingLevel ?? 'OFF';
  if (level === 'OFF') return;
  const kept = log.lines.filter(({ text }) => {
    if (DATA.test(text)) return level === 'INFO' && setting?.dataTraceEnabled === true;
    if (level === 'INFO') return true;
    return exchange.error !== undefined && (REFUSED_KEY.test(text) || !INFORMATION.test(text));
  });
  if (kept.length === 0) return;
  const { snapshot, stage } = deployed;
  const group = `API-Gateway-Execution-Logs_${snapshot.apiId}/${stage.stageName}`;
  const lines = kept.map(({ at, text }) => ({ timestamp: at, message: cut(`(${requestId}) ${text}`) }));
  logDelivery(host).add(ofRestApi(deployed, group, true), lines);
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
  if (deployed.isCanary) {
    logDelivery(host).add(ofRestApi(deployed, `${group}/Canary`, true), lines);
  }
}

function cut(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= MAX_BYTES) return message;
  // A character cut in two would read as a replacement character.
  return `${bytes
    .subarray(0, MAX_BYTES)
    .toString('utf8')
    .replace(/\uFFFD$/, '')} [TRUNCATED]`;
}
