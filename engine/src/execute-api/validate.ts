import type { RequestValidator } from '@aws-sdk/client-api-gateway';
import { compiledOnce } from './deployed';
import { type Exchange, routeOf } from './exchange';
import { badRequest } from './faults';
import { requestValue } from './mapping';
import { type BodyValidator, compileModel } from './models';

/**
 * Request validation: required parameters, then the body against the model of its content type.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */
export function validate(exchange: Exchange): void {
  const { method } = routeOf(exchange);
  const validator = exchange.deployed.snapshot.validators[method.requestValidatorId ?? ''];
  if (!validator) return;
  checkParameters(exchange, validator, method.requestParameters ?? {});
  checkBody(exchange, validator, method.requestModels ?? {});
}

function checkParameters(
  exchange: Exchange,
  validator: RequestValidator,
  parameters: Readonly<Record<string, boolean>>,
): void {
  if (!validator.validateRequestParameters) return;
  const missing = Object.entries(parameters)
    .filter(([name, required]) => required && !requestValue(exchange, name))
    .map(([name]) => name.split('.').slice(3).join('.'));
  if (missing.length === 0) return;
  const message = `Missing required request parameters: [${missing.join(', ')}]`;
  exchange.log?.add(`Request failed validation: ${message}`);
  throw badRequest('BAD_REQUEST_PARAMETERS', message);
}

function checkBody(
  exchange: Exchange,
  validator: RequestValidator,
  models: Readonly<Record<string, string>>,
): void {
  if (!validator.validateRequestBody) return;
  const contentType =
    exchange.request.headers.get('content-type')?.split(';')[0]?.trim() || 'application/json';
  const modelName = models[contentType] ?? models.$default;
  // Without a model for the content type nothing is validated, as on AWS.
  if (modelName === undefined) return;
  const errors = errorsOf(exchange, modelName);
  if (errors === undefined) return;
  exchange.log?.add(`Request body does not match model schema for content type ${contentType}: [${errors}]`);
  throw badRequest('BAD_REQUEST_BODY', 'Invalid request body', `[${errors}]`);
}

function errorsOf(exchange: Exchange, modelName: string): string | undefined {
  const { snapshot } = exchange.deployed;
  const validator: BodyValidator = compiledOnce(exchange.deployed, `model ${modelName}`, () =>
    compileModel(modelName, snapshot.models),
  );
  const text = exchange.request.body.toString('utf8');
  let value: unknown = {};
  // AWS takes an empty body as an empty object.
  if (text.trim() !== '') {
    try {
      value = JSON.parse(text);
    } catch {
      return 'Unable to parse the request body';
    }
  }
  return validator(value);
}
