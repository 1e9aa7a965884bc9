import { type Exchange, routeOf } from '../exchange';
import { forbidden } from '../faults';
import { type UsageSource, usagePlans } from '../limits/usage-plans';

/**
 * A method that asks for an API key refuses everybody who has none that is in a usage plan of the stage.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-setup-api-key-with-console.html
 */
export function apiKey(exchange: Exchange): void {
  // A test of a method needs no key: https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-test-method.html
  if (exchange.testedBy) return;
  const { method, resource } = routeOf(exchange);
  const { deployed, host, log, requestId } = exchange;
  if (!method.apiKeyRequired && !log) return;
  const value = keyValue(exchange);
  const stage = `${deployed.snapshot.apiId}/${deployed.stage.stageName}`;
  const masked = value === undefined ? '' : masking(value);
  const name = `method '${exchange.request.method} ${resource.path}'`;
  log?.add(`Verifying Usage Plan for request: ${requestId}. API Key: ${masked} API Stage: ${stage}`);
  if (!method.apiKeyRequired) {
    log?.add(
      `API Key ${masked} authorized because ${name} does not require API Key. Request will not contribute to throttle or quota limits`,
    );
  } else {
    const { source } = usagePlans(host);
    const problem = source ? identify(exchange, source, value) : 'there are no API keys';
    if (problem !== undefined) {
      log?.add(`API Key ${masked} not authorized because ${name} requires API Key and ${problem}`);
      throw forbidden('INVALID_API_KEY');
    }
  }
  log?.add(`Usage Plan check succeeded for API Key ${masked} and API Stage ${stage}`);
}

/** From the header, or from the authorizer where the API says so. */
function keyValue({ deployed, request, authorizer }: Exchange): string | undefined {
  return deployed.snapshot.apiKeySource === 'AUTHORIZER'
    ? authorizer?.usageIdentifierKey
    : request.headers.get('x-api-key');
}

/** Finds the client, or says why there is none. */
function identify(exchange: Exchange, source: UsageSource, value: string | undefined): string | undefined {
  const { deployed } = exchange;
  const { apiId } = deployed.snapshot;
  const { stageName = '' } = deployed.stage;
  const at = `${apiId}/${stageName}`;
  if (!value) return 'API Key was not provided';
  const key = source.keyOf(deployed, value);
  if (!key)
    return `API Key is not associated with a Usage Plan for API Stage ${at}: No Usage Plan found for Key and Stage`;
  if (!key.enabled) return 'API Key is disabled';
  const plan = source.planOf(deployed, key.id, apiId, stageName);
  if (!plan) {
    const why = source.hasPlan(deployed, apiId, stageName)
      ? 'No Usage Plan found for Key and Stage'
      : 'API Stage is not in a Usage Plan';
    return `API Key is not associated with a Usage Plan for API Stage ${at}: ${why}`;
  }
  exchange.client = { key, plan, value };
  return undefined;
}

/** Logs show the last six characters. */
const masking = (value: string) => `**********************************${value.slice(-6)}`;
