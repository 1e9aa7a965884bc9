import type { RequestValidator } from '@aws-sdk/client-api-gateway';
import { compiledOnce } from '../deployed';
import { type Exchange, routeOf } from '../exchange';
import { badRequest } from '../faults';
import { requestValue } from '../mapping';
import { type BodyValidator, compileModel } from '../models';

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
  const modelName = (Object.hasOwn(models, contentType) ? models[contentType] : undefined) ?? models.$default;
  // Without a model for the content type nothing is validated, as on AWS.
  if (modelName === undefined) return;
  const errors = errorsOf(exchange, modelName);
  if (errors === undefined) return;
  const told = `[${errors.join(', ')}]`;
  exchange.log?.add(`Request body does not match model schema for content type ${contentType}: ${told}`);
  throw badRequest('BAD_REQUEST_BODY', 'Invalid request body', told);
}

function errorsOf(exchange: Exchange, modelName: string): readonly string[] | undefined {
  const { snapshot } = exchange.deployed;
  const validator: BodyValidator = compiledOnce(exchange.deployed, `model ${modelName}`, () =>
    compileModel(modelName, snapshot.models),
  );
  let value: unknown;
  try {
    value = JSON.parse(exchange.request.body.toString('utf8'));
  } catch {
    // Also where there is no body at all.
    return ['Unknown error parsing request body'];
  }
  return validator(value);
}
