import type { Call, Host } from '../../kernel';
import { type LambdaStore, lambdaStore } from './store';

/** Lambda in one account and region, for work that goes on when no call is being made any more. */
export interface Place {
  store: LambdaStore;
  host: Host;
  account: string;
  region: string;
}

export function placeOf(call: Call): Place {
  return { store: lambdaStore(call.store), host: call, account: call.account, region: call.region };
}
