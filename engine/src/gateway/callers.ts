import { authenticate } from '../identity';
import type { HttpContext, Needed, Principal, ServiceName, VpcEndpoint } from '../kernel';
import type { Dispatcher } from './dispatch';

/** A request to something of a customer's that asks who its callers are, as services of AWS do: an API's method. */
export interface Signed {
  /** The name that signatures are made for. */
  signingName: string;
  method: string;
  /** Path and query as they came. */
  url: string;
  /** In the order and spelling they came in. */
  headers: readonly [name: string, value: string][];
  body: Uint8Array;
}

/** What a principal is held against. */
export interface Asked {
  principal: Principal;
  needed: Needed;
  /** The service whose resource it is, and what decisions about it are called. */
  service: ServiceName;
  operation: string;
  account: string;
  region: string;
  requestId: string;
  http: HttpContext;
  /** The VPC endpoint by which the request came, where it is not the caller that says so. */
  endpoint?: VpcEndpoint | undefined;
}

/** Finds out who calls, and whether they may, for rooms whose requests are no operations of a service. */
export class Callers {
  constructor(readonly dispatcher: Dispatcher) {}

  /** Who signed a request; undefined where nobody did. Throws AWS's refusal of what is wrong with a signature. */
  identify({ signingName, method, url, headers, body }: Signed): Principal | undefined {
    const { clock, parts } = this.dispatcher.options;
    const knock = {
      family: 'rest-json' as const,
      services: [signingName],
      method,
      url,
      headers,
      resource: url.split('?')[0] ?? url,
      body,
    };
    return authenticate(knock, parts().identity, clock)?.principal;
  }

  /** Throws AWS's refusal where the principal may not. */
  permit({ endpoint, needed, ...asked }: Asked): Promise<void> {
    return this.dispatcher.permit({ ...asked, input: {} }, needed, endpoint);
  }
}
