import type { Exchange } from '../exchange';
import { badRequest, Fault, misconfigured, tooLarge } from '../faults';
import type { HeaderList } from '../headers';
import type { IntegrationAnswer } from './integration-response';

/** Functions are called where their ARN says. */
export function ownerOf(
  functionArn: string,
  { account, region }: { account: string; region: string },
): { account: string; region: string } {
  const parts = functionArn.split(':');
  return { account: parts[4] || account, region: parts[3] || region };
}

/**
 * What Lambda answered to an invocation: a function's error is chosen by its message, a result is the default's.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
 */
export function invocationAnswer(
  exchange: Exchange,
  status: number,
  headers: HeaderList,
  body: Buffer,
): IntegrationAnswer {
  const text = body.toString('utf8');
  if (status >= 300) throw refused(exchange, status, headers, text);
  if (!headers.has('x-amz-function-error')) return { selector: '', headers, body };
  exchange.log?.add(`Lambda invocation failed with status: ${status}. Customer function error: ${text}`);
  return { selector: memberOf(text, 'errorMessage'), headers, body };
}

function memberOf(text: string, name: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const member = typeof value === 'object' && value !== null && Reflect.get(value, name);
    return typeof member === 'string' ? member : '';
  } catch {
    return '';
  }
}

function refused(exchange: Exchange, status: number, headers: HeaderList, text: string): Fault {
  if (status === 413) return tooLarge('Request Too Long');
  // An event must be JSON: what Lambda says of it is what the caller reads.
  if (status === 400 && headers.get('x-amzn-errortype')?.startsWith('InvalidRequestContent'))
    return badRequest('BAD_REQUEST_BODY', memberOf(text, 'message') || memberOf(text, 'Message'));
  // https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-permissions
  if (status === 403 && text.includes('not authorized'))
    return misconfigured('Invalid permissions on Lambda function');
  const id = headers.get('x-amzn-requestid');
  exchange.log?.add(`Lambda invocation failed with status: ${status}. Lambda request id: ${id}`);
  return new Fault('INTEGRATION_FAILURE', 'Internal server error', {
    errorType: 'InternalServerErrorException',
    status: 500,
    reason: `Execution failed due to configuration error: ${text}`,
  });
}
