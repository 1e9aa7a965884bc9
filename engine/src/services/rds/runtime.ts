import { join } from 'node:path';
import type { Host } from '../../kernel';
import type { RunningServer } from '../../servers';
import type { Store } from '../../storage';
import { type InstanceRecord, instances, parameterGroups, type SnapshotRecord, snapshots } from './store';

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
      tellError(host, record, text);
      setStatus(store, record, 'failed');
    }
  });
}

function tellError(host: Host, { description }: InstanceRecord, text: string): void {
  const message = `RDS instance ${description.DBInstanceIdentifier}: ${text}`;
  host.parts.events.emit({ type: 'engine', at: host.clock.millis(), level: 'error', message });
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
    const current = instances(store).get(record.description.DBInstanceIdentifier);
    if (current?.restoring) {
      // The copy is its own now: the snapshot may go.
      const { restoring, ...whole } = current;
      instances(store).put(record.description.DBInstanceIdentifier, whole);
    }
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

/**
 * Copies the data of an instance, whose server is stopped for that: RDS suspends its input and output instead.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CreateSnapshot.html
 */
export function snapshotInstance(
  host: Host,
  store: Store,
  record: InstanceRecord,
  snapshot: SnapshotRecord,
): void {
  enqueue(host, store, record, async (now) => {
    await now.server?.stop();
    await copy(host, store, record, snapshot);
    now.server = await run(host, store, record);
    return 'available';
  });
}

/** False, and a snapshot that says `failed`, where the data could not be copied (a full disk). */
async function copy(
  host: Host,
  store: Store,
  record: InstanceRecord,
  snapshot: SnapshotRecord,
): Promise<boolean> {
  const { description } = snapshot;
  const done = (members: Partial<SnapshotRecord['description']>) =>
    snapshots(store).put(description.DBSnapshotIdentifier, {
      ...snapshot,
      description: { ...description, ...members },
    });
  try {
    await host.parts.servers.copyPostgres(folder(host, record), folder(host, snapshot));
    const at = host.clock.now();
    done({
      Status: 'available',
      PercentProgress: 100,
      SnapshotCreateTime: at,
      OriginalSnapshotCreateTime: at,
    });
    return true;
  } catch (error) {
    await host.parts.servers.removePostgres(folder(host, snapshot));
    tellError(host, record, error instanceof Error ? error.message : String(error));
    done({ Status: 'failed' });
    return false;
  }
}

export async function removeSnapshot(host: Host, snapshot: SnapshotRecord): Promise<void> {
  await host.parts.servers.removePostgres(folder(host, snapshot));
}

/**
 * Ends the server and removes its data; the record goes last, so that a killed engine can finish it. An instance
 * whose last snapshot fails stays.
 */
export function removeInstance(
  host: Host,
  store: Store,
  record: InstanceRecord,
  last?: SnapshotRecord,
): void {
  enqueue(host, store, record, async (now) => {
    await now.server?.stop();
    delete now.server;
    if (last && !(await copy(host, store, record, last))) {
      now.server = await run(host, store, record);
      return 'available';
    }
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
    ...(record.restoring ? { beginsAs: folder(host, { directory: record.restoring }) } : {}),
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

function folder(host: Host, record: { directory: string }): string {
  return join(host.parts.addresses.stateDirectory, 'rds', record.directory);
}
