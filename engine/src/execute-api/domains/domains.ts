import type { Host } from '../../kernel';

/** A stage that a path of a custom domain leads to. */
export interface Mapping {
  /** `v1/orders`; empty for all that no other mapping takes. */
  key: string;
  apiId: string;
  /** Empty where callers name it, behind the key. */
  stage: string;
}

/** Where a request to a custom domain goes. */
export interface Mapped extends Mapping {
  /** The path behind the mapping's key, and behind the stage where the path names it; raw. */
  below: string;
  stageInPath?: boolean;
}

/** The certificates that clients of a custom domain are held against. */
export interface DomainTruststore {
  /** Another for every upload. */
  id: string;
  pem(): string;
}

export interface CustomDomain {
  mappings: readonly Mapping[];
  /** Where clients have to show a certificate. */
  truststore?: DomainTruststore;
}

/** What is known of a custom domain; undefined for a name that is none. */
export type DomainSource = (name: string) => CustomDomain | undefined;

/** The custom domains of this engine: services that have some attach themselves when they start. */
export class CustomDomains {
  readonly #sources = new Map<string, DomainSource>();

  attach(service: string, source: DomainSource): void {
    this.#sources.set(service, source);
  }

  async find(host: Host, name: string): Promise<CustomDomain | undefined> {
    if (!this.#sources.has('apigatewayv2')) {
      // After a restart nobody may have called the service yet.
      const as = host.parts.identity.root('000000000000');
      await host.invoke('apigatewayv2', 'GetDomainNames', {}, { as });
    }
    for (const source of this.#sources.values()) {
      const domain = source(name);
      if (domain) return domain;
    }
    return undefined;
  }
}

export function customDomains(host: Host): CustomDomains {
  return host.memo('execute-api.domains', () => new CustomDomains());
}

/**
 * The mapping whose key is most of the path; segments match whole.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mappings.html
 */
export function mappingOf(mappings: readonly Mapping[], path: string): Mapped | undefined {
  let best: Mapping | undefined;
  for (const mapping of mappings) {
    const prefix = `/${mapping.key}`;
    const matches = mapping.key === '' || path === prefix || path.startsWith(`${prefix}/`);
    if (matches && (!best || mapping.key.length > best.key.length)) best = mapping;
  }
  if (!best) return undefined;
  const below = best.key === '' ? path : path.slice(best.key.length + 1);
  if (best.stage !== '') return { ...best, below: below || '/' };
  const [stage = '', ...rest] = below.slice(1).split('/');
  return { ...best, stage, stageInPath: true, below: `/${rest.join('/')}` };
}
