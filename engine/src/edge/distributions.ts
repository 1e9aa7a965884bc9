import type { ResponseHeadersPolicyConfig } from '@aws-sdk/client-cloudfront';
import type { Host } from '../kernel';
import type { Collection } from '../storage';

/** Which headers, cookies or query parameters. */
export interface Selection {
  behaviour: 'none' | 'all' | 'some' | 'except';
  names: readonly string[];
}

interface Forwarding {
  headers: Selection;
  cookies: Selection;
  query: Selection;
}

/** What makes two requests the same, and how long an answer is good for (seconds). */
export interface CacheRules extends Forwarding {
  minTtl: number;
  defaultTtl: number;
  maxTtl: number;
  gzip: boolean;
  brotli: boolean;
}

export interface EdgeBehaviour {
  pattern: string;
  originId: string;
  allowedMethods: ReadonlySet<string>;
  cachedMethods: ReadonlySet<string>;
  compress: boolean;
  cache: CacheRules;
  /** What goes to the origin beside what is in the cache key. */
  forward: Forwarding | undefined;
  responseHeaders: ResponseHeadersPolicyConfig | undefined;
}

interface AnyOrigin {
  domainName: string;
  path: string;
  headers: readonly [name: string, value: string][];
  attempts: number;
}

export interface S3Origin extends AnyOrigin {
  kind: 's3';
  /** Who asks S3: CloudFront for this distribution, an origin access identity, or nobody in particular. */
  caller: 'access-control' | 'identity' | 'anonymous';
  identity: { id: string; canonicalUserId: string } | undefined;
}

export interface CustomOrigin extends AnyOrigin {
  kind: 'custom';
  protocolPolicy: 'http-only' | 'https-only' | 'match-viewer';
  httpPort: number;
  httpsPort: number;
  readTimeout: number;
}

export type EdgeOrigin = S3Origin | CustomOrigin;

interface ErrorResponse {
  page: string | undefined;
  status: number | undefined;
  minTtl: number;
}

/** A distribution as the edge needs it: policies resolved, behaviours in the order they are tried. */
export interface EdgeDistribution {
  id: string;
  arn: string;
  account: string;
  domainName: string;
  enabled: boolean;
  defaultRootObject: string;
  origins: ReadonlyMap<string, EdgeOrigin>;
  behaviours: readonly EdgeBehaviour[];
  errorResponses: ReadonlyMap<number, ErrorResponse>;
}

/** What service cloudfront lends to the edge. */
export interface DistributionSource {
  all(): EdgeDistribution[];
  find(id: string): EdgeDistribution | undefined;
  /** Distribution id to the port it last answered on. */
  ports: Collection<number>;
}

export interface EdgeListener {
  changed(id: string): Promise<void>;
  invalidate(id: string, paths: readonly string[]): void;
  attached(source: DistributionSource): Promise<void>;
}

/** Where the service and the edge meet; each works without the other. */
export class EdgeDistributions {
  source: DistributionSource | undefined;
  #listeners = new Set<EdgeListener>();

  async attach(source: DistributionSource): Promise<void> {
    this.source = source;
    for (const listener of this.#listeners) await listener.attached(source);
  }

  async listen(listener: EdgeListener): Promise<() => void> {
    this.#listeners.add(listener);
    if (this.source) await listener.attached(this.source);
    return () => this.#listeners.delete(listener);
  }

  async changed(id: string): Promise<void> {
    for (const listener of this.#listeners) await listener.changed(id);
  }

  invalidate(id: string, paths: readonly string[]): void {
    for (const listener of this.#listeners) listener.invalidate(id, paths);
  }
}

export function edgeDistributions(host: Host): EdgeDistributions {
  return host.memo('edge.distributions', () => new EdgeDistributions());
}
