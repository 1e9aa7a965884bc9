import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PrincipalNetwork, SeenEndpoint, VpcEndpoint } from '../kernel';

/** An endpoint of some account's, by which a request came. */
export interface Door extends VpcEndpoint {
  account: string;
  region: string;
}

export interface VpcNames {
  /**
   * JSON file of the names that lead to interface endpoints from a place in a VPC (`{"*.execute-api.…": {"port"}}`,
   * without a port where no connection gets through), kept up to date for the function runtime.
   */
  fileFor(network: PrincipalNetwork): Promise<string>;
}

interface Options {
  folder: string;
  /** Listens on one more port. */
  listen(): Promise<number>;
  endpointsFrom(network: PrincipalNetwork): Promise<SeenEndpoint[]>;
  endpoint(id: string, account: string, region: string): Promise<VpcEndpoint | undefined>;
}

interface Place {
  network: PrincipalNetwork;
  file: string;
}

/**
 * A port of this machine for each interface endpoint of API Gateway: requests to private APIs need not say who makes
 * them, so that the port they come to is all that tells the endpoint. Which names lead there depends on the VPC.
 */
export class VpcDoors implements VpcNames {
  readonly #places = new Map<string, Place>();
  readonly #ports = new Map<string, Promise<number>>();
  readonly #at = new Map<number, Pick<Door, 'id' | 'account' | 'region'>>();
  /** Tables are written one after the other: the last one is the newest. */
  #turn: Promise<void> = Promise.resolve();

  constructor(readonly options: Options) {}

  async fileFor(network: PrincipalNetwork): Promise<string> {
    const { account, groups, region, subnets, vpc } = network;
    const key = JSON.stringify([account, region, vpc, subnets, groups]);
    let place = this.#places.get(key);
    if (!place) {
      const mark = createHash('sha256').update(key).digest('hex').slice(0, 16);
      place = { network, file: join(this.options.folder, `names-vpc-${mark}.json`) };
      this.#places.set(key, place);
      this.#write([place]);
    }
    await this.#turn;
    return place.file;
  }

  /** EC2's state has changed. */
  refresh(): Promise<void> {
    if (this.#places.size > 0) this.#write([...this.#places.values()]);
    return this.#turn;
  }

  /** The endpoint that a port stands for; undefined for other ports, and once the endpoint is gone. */
  async at(port: number): Promise<Door | undefined> {
    const door = this.#at.get(port);
    const endpoint = door && (await this.options.endpoint(door.id, door.account, door.region));
    return endpoint && { ...endpoint, account: door.account, region: door.region };
  }

  /** Whether a port stands for an endpoint. */
  has(port: number | undefined): port is number {
    return port !== undefined && this.#at.has(port);
  }

  #write(places: readonly Place[]): void {
    const before = this.#turn.catch(() => {});
    this.#turn = before.then(async () => {
      for (const place of places) await this.#writeOne(place);
    });
    // Whoever waits for this turn is told.
    this.#turn.catch(() => {});
  }

  async #writeOne({ file, network }: Place): Promise<void> {
    const table: Record<string, { port?: number }> = {};
    for (const { id, names, reachable } of await this.options.endpointsFrom(network)) {
      const port = reachable ? { port: await this.#portOf(id, network) } : {};
      for (const name of names) table[name] = port;
    }
    writeFileSync(`${file}.next`, JSON.stringify(table), { mode: 0o600 });
    renameSync(`${file}.next`, file);
  }

  #portOf(id: string, { account, region }: PrincipalNetwork): Promise<number> {
    let port = this.#ports.get(id);
    if (!port) {
      port = this.options.listen().then((opened) => {
        this.#at.set(opened, { id, account, region });
        return opened;
      });
      this.#ports.set(id, port);
      // The next one who asks may have more luck.
      port.catch(() => this.#ports.delete(id));
    }
    return port;
  }
}
