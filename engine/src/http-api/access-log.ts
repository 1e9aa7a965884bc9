import { isAwsError } from '../kernel';
import { contextOf, valueAt } from './context';
import type { Exchange, HttpResponse } from './exchange';

/**
 * A line of the stage's access log, in the format it was given; `-` stands for what there is not.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
 */
export function logAccess(exchange: Exchange, response: HttpResponse): void {
  const { DestinationArn: destination, Format: format } = exchange.deployed.stage.AccessLogSettings ?? {};
  if (!destination || !format) return;
  const context = {
    ...contextOf(exchange),
    status: response.status,
    responseLength: response.body.length,
    responseLatency: exchange.host.clock.millis() - exchange.startedAt,
    dataProcessed: exchange.request.body.length + response.body.length,
  };
  const line = format.replace(
    /\$(?:\{context\.([^}]+)\}|context\.(\w+(?:\.[\w:/-]+)*))/g,
    (_all, braced: string | undefined, plain: string) => valueAt(context, braced ?? plain) ?? '-',
  );
  write(exchange, destination, line).catch((error: unknown) => {
    const { deployed, host } = exchange;
    host.parts.events.emit({
      type: 'engine',
      at: host.clock.millis(),
      level: 'warn',
      message: `access log of API ${deployed.snapshot.apiId}: ${error instanceof Error ? error.message : error}`,
    });
  });
}

async function write({ deployed, host, startedAt }: Exchange, arn: string, message: string): Promise<void> {
  const [, , , region = '', account = '', , logGroupName = ''] = arn.split(':');
  const options = {
    as: host.parts.identity.servicePrincipal('apigateway.amazonaws.com', account),
    account,
    region,
  };
  const logStreamName = `${deployed.snapshot.apiId}-${deployed.stage.StageName.replace('$', '')}`;
  const put = () =>
    host.invoke(
      'logs',
      'PutLogEvents',
      { logGroupName, logStreamName, logEvents: [{ timestamp: startedAt, message }] },
      options,
    );
  try {
    await put();
  } catch (error) {
    if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
    // The first line of a stage; two may be first at the same time.
    await host
      .invoke('logs', 'CreateLogStream', { logGroupName, logStreamName }, options)
      .catch((again: unknown) => {
        if (!isAwsError(again, 'ResourceAlreadyExistsException')) throw again;
      });
    await put();
  }
}
