import type { AccessLogSettings } from '@aws-sdk/client-apigatewayv2';
import { notImplemented } from '../../../kernel';
import { badRequest } from '../errors';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html */
export function checkAccessLog({ DestinationArn: destination = '', Format = '' }: AccessLogSettings): void {
  if (/^arn:[\w-]+:firehose:/.test(destination))
    throw notImplemented('API Gateway AccessLogSettings to a Firehose delivery stream');
  if (!/^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[\w./#-]+(?::\*)?$/.test(destination))
    throw badRequest(
      "Invalid ARN specified in the request. ARNs must start with 'arn:': ".concat(destination),
    );
  if (Format.trim() === '') throw badRequest('Access Log format must be specified');
  if (/[\r\n]/.test(Format)) throw badRequest('Access Log format must be on a single line');
  if (!/\$\{?context\.(?:requestId|extendedRequestId)\b/.test(Format))
    throw badRequest(
      'Access Log format must contain at least $context.requestId or $context.extendedRequestId',
    );
}
