import { join } from 'node:path';
import type { Host } from '../../kernel';
import type { RunningServer } from '../../servers';
import type { Store } from '../../storage';
import { type InstanceRecord, instances, parameterGroups } from './store';

/** What an instance is doing now. Its described status is durable; this is the process behind it. */
interface Work {
  server?: RunningServer;
  /** Settles when the work under way (creating, starting, stopping) is done. */
  settled: Promise<void>;
}

function works(host: Host): Map<string, Work> {
  return host.memo('rds:instances', () => new Map<string, Work>());
}

/** Resolves when nothing is under way on the instance; then its status says how that went. */
export async function settled(host: Host, arn: string): Promise<void> {
  await works(host).get(arn)?.settled;
}

export async function allSettled(host: Host): Promise<void> {
  await Promise.all([...works(host).values()].map((work) => work.settled));
}

/** Puts `work` behind what is under way on the instance, and records the status it ends with. */
function enqueue(
  host: Host,
  store: Store,
  record: InstanceRecord,
  work: (now: Work) => Promise<string>,
): void {
  const arn = record.description.DBInstanceArn;
  const now = works(host).get(arn) ?? { settled: Promise.resolve() };
  works(host).set(arn, now);
  now.settled = now.settled.then(async () => {
    try {
      setStatus(store, record, await work(now));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      host.parts.events.emit({
        type: 'engine',
        at: host.clock.millis(),
        level: 'error',
        message: `RDS instance ${record.description.DBInstanceIdentifier}: ${text}`,
      });
      setStatus(store, record, 'failed');
    }
  });
}

function setStatus(store: Store, record: InstanceRecord, status: string): void {
  const current = instances(store).get(record.description.DBInstanceIdentifier);
  if (!current) return;
  current.description.DBInstanceStatus = status;
  current.description.PendingModifiedValues = {};
  instances(store).put(current.description.DBInstanceIdentifier, current);
}

/** Starts the server of an instance; `available` once it accepts connections. */
export function startInstance(host: Host, store: Store, record: InstanceRecord): void {
  enqueue(host, store, record, async (now) => {
    now.server = await run(host, store, record);
    return 'available';
  });
}

export function stopInstance(host: Host, store: Store, record: InstanceRecord): void {
  enqueue(host, store, record, async (now) => {
    await now.server?.stop();
    delete now.server;
    withdraw(host, record);
    return 'stopped';
  });
}

export function rebootInstance(host: Host, store: Store, record: InstanceRecord, password?: string): void {
  enqueue(host, store, record, async (now) => {
    await now.server?.stop();
    if (password !== undefined)
      await host.parts.servers.changePostgresPassword(folder(host, record), record.user, password);
    now.server = await run(host, store, record);
    return 'available';
  });
}

/** Ends the server and removes its data; the record goes last, so that a killed engine can finish it. */
export function removeInstance(host: Host, store: Store, record: InstanceRecord): void {
  enqueue(host, store, record, async (now) => {
    await now.server?.stop();
    withdraw(host, record);
    await host.parts.servers.removePostgres(folder(host, record));
    instances(store).remove(record.description.DBInstanceIdentifier);
    works(host).delete(record.description.DBInstanceArn);
    return 'deleted';
  });
}

async function run(host: Host, store: Store, record: InstanceRecord): Promise<RunningServer> {
  const { Endpoint, DBParameterGroups } = record.description;
  const address = Endpoint?.Address ?? '';
  const group =
    parameterGroups(store).get(DBParameterGroups?.[0]?.DBParameterGroupName ?? '')?.parameters ?? {};
  const { 'rds.force_ssl': forceTls = '1', ...parameters } = group;
  const server = await host.parts.servers.postgres({
    directory: folder(host, record),
    user: record.user,
    password: record.password,
    ...(record.database ? { database: record.database } : {}),
    parameters,
    tls: await host.parts.addresses.certificateFor(address),
    forceTls: forceTls === '1',
  });
  host.parts.names.set(address, Endpoint?.Port ?? 5432, { host: server.host, port: server.port });
  void server.ended.then(() => withdraw(host, record));
  return server;
}

function withdraw(host: Host, { description }: InstanceRecord): void {
  host.parts.names.remove(description.Endpoint?.Address ?? '', description.Endpoint?.Port ?? 5432);
}

function folder(host: Host, record: InstanceRecord): string {
  return join(host.parts.addresses.stateDirectory, 'rds', record.directory);
}
