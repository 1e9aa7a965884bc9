import type { Principal } from './call';
import type { Clock } from './clock';
import type { Ids } from './ids';
import type { Input, OperationName, Output, ServiceName } from './operations';
import type { Parts } from './parts';

export interface InvokeOptions {
  /** Who makes the inner call; the outer call's principal if left out. Authorised like any other call. */
  as?: Principal;
  account?: string;
  region?: string;
  /** As an X-Amzn-Trace-Id header says it; the outer call's if left out. */
  trace?: string;
}

/** What every call, and every room that makes calls of its own, has at hand. */
export interface Host {
  readonly clock: Clock;
  readonly ids: Ids;
  /** The rooms behind the services: Lambda environments, database servers, names, blobs, events. */
  readonly parts: Parts;
  /** Calls an operation of another service, through the same authorisation and validation as one from outside. */
  invoke<S extends ServiceName, O extends OperationName<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
    options?: InvokeOptions,
  ): Promise<Output<S, O>>;
  /**
   * Whether somebody may do something, where a service asks for it beforehand: nothing is done. Always where nobody is
   * held against policies.
   */
  may(principal: Principal, action: string, resource: string): Promise<boolean>;
  /**
   * A value that lives as long as this engine's process (pools, caches), made on first use.
   * Nothing that must survive a restart may be kept in it: that belongs to a Store.
   */
  memo<T>(name: string, make: () => T): T;
}
