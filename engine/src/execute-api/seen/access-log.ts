import { compiledOnce } from '../deployed';
import type { ApiResponse, Exchange } from '../exchange';
import { logContext } from './log-context';
import { logDelivery, ofRestApi } from './log-delivery';

/** Text, or the path of a variable. */
type Piece = string | { path: readonly string[] };

const VARIABLE = /\$(?:\{context\.([\w.:-]+)\}|context\.([\w-]+(?:\.[\w:-]+)*))/g;

/**
 * A line of the stage's access log, in the format it was given; `-` stands for what there is not.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function writeAccessLog(exchange: Exchange, response: ApiResponse, length: number): void {
  const { deployed, host, startedAt } = exchange;
  const { destinationArn = '', format } = deployed.stage.accessLogSettings ?? {};
  if (!format || !destinationArn) return;
  const pieces = compiledOnce(deployed, 'access log', () => compileFormat(format));
  const context = logContext(exchange, response, length);
  const message = pieces.map((piece) => (typeof piece === 'string' ? piece : valueAt(context, piece.path)));
  const [, , , region = '', account = '', , group = ''] = destinationArn.split(':');
  const lines = [{ timestamp: startedAt, message: message.join('') }];
  logDelivery(host).add(ofRestApi({ account, region }, group, false), lines);
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
  if (deployed.isCanary) {
    logDelivery(host).add(ofRestApi({ account, region }, `${group}/Canary`, true), lines);
  }
}

function compileFormat(format: string): Piece[] {
  const line = format.replace(/\r?\n$/, '');
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of line.matchAll(VARIABLE)) {
    pieces.push(line.slice(from, match.index), { path: (match[1] ?? match[2] ?? '').split('.') });
    from = match.index + match[0].length;
  }
  pieces.push(line.slice(from));
  return pieces;
}

function valueAt(context: Record<string, unknown>, path: readonly string[]): string {
  let at: unknown = context;
  for (const name of path) {
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined;
  }
  return at === undefined || at === null || at === '' || typeof at === 'object' ? '-' : String(at);
}
