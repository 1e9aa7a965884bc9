import type { Call, Host, InvokeOptions, Principal } from '../kernel';
import type { Store } from '../storage';
import { type State, state } from './records';

/** What a stack's operation needs of the world: it goes on after the call that began it has been answered. */
export interface Engine {
  readonly host: Host;
  readonly account: string;
  readonly region: string;
  readonly store: Store;
  readonly state: State;
  readonly principal: Principal;
}

export function engineOf(call: Call): Engine {
  const { account, region, store, principal } = call;
  return { host: call, account, region, store, state: state(store), principal };
}

/** A call for a resource provider: what it invokes runs as the stack's principal, in the stack's account and region. */
export function providerCall(engine: Engine, principal: Principal, operation: string): Call {
  const { host, account, region, store } = engine;
  return {
    clock: host.clock,
    ids: host.ids,
    parts: host.parts,
    may: (who, action, resource) => host.may(who, action, resource),
    memo: (name, make) => host.memo(name, make),
    invoke: (service, name, input, options: InvokeOptions = {}) =>
      host.invoke(service, name, input, { as: principal, account, region, ...options }),
    service: 'cloudformation',
    operation,
    account,
    region,
    principal,
    requestId: host.ids.uuid(),
    http: undefined,
    response: { headers: {} },
    store,
    accountStore: store,
    worldStore: store,
  };
}
