import { isAwsError, type Principal } from '../kernel';
import type { Exchange } from './exchange';
import { Fault } from './faults';
import { signerOf } from './signed-caller';

/** Who signed a request; what is wrong with a signature ends its way. */
export function signer(exchange: Exchange): Principal | undefined {
  try {
    return signerOf(exchange);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    const type = error.code === 'ExpiredTokenException' ? 'EXPIRED_TOKEN' : 'INVALID_SIGNATURE';
    throw new Fault(type, error.message, { errorType: error.code });
  }
}
