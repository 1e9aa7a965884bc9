import { isExpression } from '../../../http-api/mapping';
import { badRequest } from '../errors';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html#http-api-mapping-reserved-headers */
const RESERVED =
  /^(?:access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|content-location|forwarded|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers|transfer-encoding|upgrade|x-amz-.*|x-amzn-.*|x-forwarded-for|x-forwarded-host|x-forwarded-proto|via)$/i;

const REQUEST = /^(?:(append|overwrite|remove):(header|querystring)\.(.+)|overwrite:path)$/;
const RESPONSE = /^(?:(append|overwrite|remove):header\.(.+)|overwrite:statuscode)$/;

const invalidKey = (key: string) => badRequest(`Invalid mapping expression specified: ${key}`);
const invalidValue = (key: string, value: string) =>
  badRequest(
    `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${key}:${value}]`,
  );

function checkValue(key: string, value: string, sources: 'request' | 'response'): void {
  // To remove something needs no value; an empty one takes the mapping itself away.
  if (value === '' || key.startsWith('remove:')) return;
  if (!isExpression(value, sources)) throw invalidValue(key, value);
}

function checkHeader(name: string): void {
  if (RESERVED.test(name)) throw badRequest(`Operations on header ${name} are restricted`);
}

export function checkRequestParameters(parameters: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(parameters)) {
    const match = REQUEST.exec(key);
    if (!match) throw invalidKey(key);
    if (match[2] === 'header') checkHeader(match[3] ?? '');
    checkValue(key, value, 'request');
  }
}

export function checkResponseParameters(
  parameters: Readonly<Record<string, Readonly<Record<string, string>>>>,
): void {
  for (const [status, changes] of Object.entries(parameters)) {
    if (!/^[2-5]\d\d$/.test(status)) throw badRequest(`Invalid response status code: ${status}`);
    for (const [key, value] of Object.entries(changes)) {
      const match = RESPONSE.exec(key);
      if (!match) throw invalidKey(key);
      if (match[2] !== undefined) checkHeader(match[2]);
      checkValue(key, value, 'response');
    }
  }
}
