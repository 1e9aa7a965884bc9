import type { Call, PrincipalNetwork, VpcEndpoint } from '../kernel';

interface Ec2 {
  from(network: PrincipalNetwork, service: string): Promise<VpcEndpoint | undefined>;
  named(id: string, account: string, region: string): Promise<VpcEndpoint | undefined>;
}

/** The VPC endpoints by which functions in VPCs reach services: asked for at every request, and seldom changed. */
export class Endpoints {
  readonly #known = new Map<string, VpcEndpoint | undefined>();

  constructor(readonly ec2: Ec2) {}

  /** The endpoint of an id, as it is now. */
  async named(id: string, account: string, region: string): Promise<VpcEndpoint | undefined> {
    if (!this.#known.has(id)) this.#known.set(id, await this.ec2.named(id, account, region));
    return this.#known.get(id);
  }

  /**
   * The endpoint by which a request came. What services do on a caller's behalf comes from them, and another region is
   * reached by no endpoint.
   */
  async of({ principal, http, service, region }: Call): Promise<VpcEndpoint | undefined> {
    const network = principal.origin?.network;
    if (!network || !http || principal.calledVia || network.region !== region) return undefined;
    const place = `${service} ${network.account} ${region} ${network.vpc} ${network.subnets[0] ?? ''}`;
    if (!this.#known.has(place)) this.#known.set(place, await this.ec2.from(network, service));
    return this.#known.get(place);
  }

  /** EC2's state has changed. */
  forget(): void {
    this.#known.clear();
  }
}
