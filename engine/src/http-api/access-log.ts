import { logDelivery } from '../execute-api/seen/log-delivery';
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
  const { deployed, host, startedAt } = exchange;
  const [, , , region = '', account = '', , group = ''] = destination.split(':');
  const stream = `${deployed.snapshot.apiId}-${deployed.stage.StageName.replace('$', '')}`;
  const lines = [{ timestamp: startedAt, message: line }];
  logDelivery(host).add({ account, region, group, stream, own: false, by: 'service' }, lines);
}
