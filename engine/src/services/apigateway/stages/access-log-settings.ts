import type { AccessLogSettings, PatchOperation } from '@aws-sdk/client-api-gateway';
import { type Call, notImplemented } from '../../../kernel';
import { badRequest } from '../errors';
import type { Patch } from '../patch';
import { tables } from '../store';

const PATHS = ['/accessLogSettings/destinationArn', '/accessLogSettings/format'];

/**
 * A stage's access log: where its lines go, and how they read. Only the whole of it can be removed.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function patchAccessLog(
  settings: AccessLogSettings | undefined,
  patch: Patch,
  noSetting: (patch: Patch) => Error,
): AccessLogSettings | undefined {
  const whole = patch.path === '/accessLogSettings';
  if (patch.op === 'remove') {
    if (!whole || !settings) throw noSetting(patch);
    return undefined;
  }
  if (!PATHS.includes(patch.path)) {
    throw badRequest(`Invalid accessLogSettings path. Must be one of : [${PATHS.join(', ')}]`);
  }
  if (!patch.value) throw badRequest('Access Log value must not be empty');
  if (patch.parts[1] === 'format') return { ...settings, format: checkedFormat(patch.value) };
  return { ...settings, destinationArn: checkedDestination(patch.value) };
}

function checkedFormat(format: string): string {
  if (/[\r\n]/.test(format.replace(/\r?\n$/, ''))) {
    throw badRequest(
      `Access Log format must be single line, new line character is allowed only at end of the format: '${format}'`,
    );
  }
  if (!/\$\{?context\.(requestId|extendedRequestId)(?![\w.])/.test(format)) {
    throw badRequest(
      `Access Log format must include either $context.requestId or $context.extendedRequestId : '${format}'`,
    );
  }
  return format;
}

function checkedDestination(arn: string): string {
  if (/^arn:[\w-]+:firehose:/.test(arn)) {
    throw notImplemented('API Gateway UpdateStage /accessLogSettings/destinationArn of a Firehose stream');
  }
  if (!/^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:*]+(:\*)?$/.test(arn)) {
    throw badRequest('Invalid ARN specified in the request');
  }
  return arn;
}

/** Whoever turns a log on must have said before which role writes it. */
export function requireLogRole(call: Call, operations: readonly PatchOperation[] | undefined): void {
  if (!operations?.some(turnsOn)) return;
  if (tables(call).account.get('account')?.cloudwatchRoleArn) return;
  throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
}

const turnsOn = ({ op, path = '', value }: PatchOperation): boolean =>
  op !== 'remove' &&
  (path.startsWith('/accessLogSettings') || (path.endsWith('/logging/loglevel') && value !== 'OFF'));
