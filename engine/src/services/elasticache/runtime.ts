import { join } from 'node:path';
import type { Host } from '../../kernel';
import { type RunningServer, ServerUnavailable } from '../../servers';
import type { NodeRecord } from './store';

interface Running {
  servers: Map<string, RunningServer>;
  settled: Promise<void>;
}

/** All that the servers of one cluster or replication group have in common. */
export interface Fleet {
  arn: string;
  nodes: readonly NodeRecord[];
  port: number;
  parameters: Record<string, string>;
  password?: string;
  /** Serve TLS only. */
  tls: boolean;
}

function fleets(host: Host): Map<string, Running> {
  return host.memo('elasticache:fleets', () => new Map<string, Running>());
}

/** Resolves when nothing is under way on the cluster or group. */
export async function settled(host: Host, arn: string): Promise<void> {
  await fleets(host).get(arn)?.settled;
}

export async function allSettled(host: Host): Promise<void> {
  await Promise.all([...fleets(host).values()].map((fleet) => fleet.settled));
}

/** Puts `work` behind what is under way on the fleet. */
function enqueue(host: Host, arn: string, work: (running: Running) => Promise<void>): void {
  const running = fleets(host).get(arn) ?? { servers: new Map(), settled: Promise.resolve() };
  fleets(host).set(arn, running);
  running.settled = running.settled
    .then(() => work(running))
    .catch((error: unknown) => {
      const message = `ElastiCache ${arn}: ${error instanceof Error ? error.message : String(error)}`;
      host.parts.events.emit({ type: 'engine', at: host.clock.millis(), level: 'error', message });
    });
}

/**
 * Starts a fleet's servers, then calls `then`. Where this machine has no Valkey the fleet is down, as failed nodes
 * are: its names lead nowhere, and the log says what to install.
 */
export function startFleet(host: Host, fleet: Fleet, then: () => void): void {
  enqueue(host, fleet.arn, async (running) => {
    try {
      for (const node of fleet.nodes)
        running.servers.set(node.id, await startNode(host, fleet, node, running));
    } catch (error) {
      if (!(error instanceof ServerUnavailable)) throw error;
      host.parts.events.emit({
        type: 'engine',
        at: host.clock.millis(),
        level: 'warn',
        message: error.message,
      });
    } finally {
      then();
    }
  });
}

async function startNode(
  host: Host,
  fleet: Fleet,
  node: NodeRecord,
  running: Running,
): Promise<RunningServer> {
  const primary = node.replicaOf === undefined ? undefined : running.servers.get(node.replicaOf);
  const server = await host.parts.servers.valkey({
    directory: join(host.parts.addresses.stateDirectory, 'elasticache', node.directory),
    parameters: {
      ...fleet.parameters,
      ...(primary ? { replicaof: `${primary.host} ${primary.port}` } : {}),
      ...(primary && fleet.password ? { masterauth: fleet.password } : {}),
    },
    ...(fleet.password ? { password: fleet.password } : {}),
    ...(fleet.tls ? { tls: await host.parts.addresses.certificateFor(node.names[0] ?? 'localhost') } : {}),
  });
  for (const name of node.names)
    host.parts.names.set(name, fleet.port, { host: server.host, port: server.port });
  void server.ended.then(() => withdraw(host, fleet, node));
  return server;
}

function withdraw(host: Host, fleet: Fleet, node: NodeRecord): void {
  for (const name of node.names) host.parts.names.remove(name, fleet.port);
}

/** Ends a fleet's servers, then calls `then`. */
export function stopFleet(host: Host, fleet: Fleet, then: () => void): void {
  enqueue(host, fleet.arn, async ({ servers }) => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
    servers.clear();
    for (const node of fleet.nodes) withdraw(host, fleet, node);
    then();
  });
}
