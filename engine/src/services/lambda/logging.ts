import type { LoggingConfig } from '@aws-sdk/client-lambda';
import { invalid } from './errors';
import type { FunctionVersion } from './store';

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html */
export function loggingFor(
  functionName: string,
  input: LoggingConfig | undefined,
  before?: FunctionVersion['logging'],
): FunctionVersion['logging'] {
  if (!input && before) return before;
  const format = input?.LogFormat ?? before?.LogFormat ?? 'Text';
  const group = input?.LogGroup ?? before?.LogGroup ?? `/aws/lambda/${functionName}`;
  if (format === 'Text') {
    if (input?.ApplicationLogLevel || input?.SystemLogLevel) {
      throw invalid('To use ApplicationLogLevel or SystemLogLevel, you must set LogFormat to JSON.');
    }
    return { LogFormat: 'Text', LogGroup: group };
  }
  return {
    LogFormat: 'JSON',
    ApplicationLogLevel: input?.ApplicationLogLevel ?? before?.ApplicationLogLevel ?? 'INFO',
    SystemLogLevel: input?.SystemLogLevel ?? before?.SystemLogLevel ?? 'INFO',
    LogGroup: group,
  };
}
