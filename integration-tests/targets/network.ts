import { type ContainerRuntimeClient, Network, type StartedNetwork } from 'testcontainers';

/** The network that containers, and those that LocalStack starts for functions, find one another in. */
export class ContainerNetwork {
  private constructor(
    private readonly docker: ContainerRuntimeClient,
    readonly name: string,
    private readonly own: StartedNetwork | undefined,
  ) {}

  /** One of this run's own; or the one of that `name`, which is made when it is not there, and stays. */
  static async open(docker: ContainerRuntimeClient, name?: string): Promise<ContainerNetwork> {
    if (name === undefined) {
      const own = await new Network().start();
      return new ContainerNetwork(docker, own.getName(), own);
    }
    const there = await docker.container.dockerode.listNetworks({ filters: { name: [`^${name}$`] } });
    if (there.length === 0) {
      await docker.network.create({
        Name: name,
        CheckDuplicate: true,
        Driver: 'bridge',
        Internal: false,
        Attachable: false,
        Ingress: false,
        EnableIPv6: false,
      });
    }
    return new ContainerNetwork(docker, name, undefined);
  }

  /** With whoever is still in it: LocalStack's containers for functions, if it died before them. */
  async close(): Promise<void> {
    const { dockerode } = this.docker.container;
    const left = await dockerode.listContainers({ all: true, filters: { network: [this.name] } });
    await Promise.all(left.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true, v: true })));
    await this.own?.stop();
  }
}
