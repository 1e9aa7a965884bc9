import { type Exchange, routeOf } from './exchange';
import { forbidden } from './faults';

/**
 * A method that asks for an API key refuses everybody who has none that is in a usage plan of the stage.
 * There are no API keys yet, so nobody has.
 */
export function apiKey(exchange: Exchange): void {
  if (routeOf(exchange).method.apiKeyRequired) throw forbidden('INVALID_API_KEY');
}
