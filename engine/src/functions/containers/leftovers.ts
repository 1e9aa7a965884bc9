import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../cloud/state-folder';
import type { Host } from '../../kernel';
import type { Docker } from './docker';

/** Labels of every container that an engine starts: nothing else is ever touched. */
const LABELS = {
  /** The process id of the engine. */
  engine: 'tierkit.engine',
  machine: 'tierkit.machine',
  /** Of the state folder, and of one run of an engine on it. */
  state: 'tierkit.state',
  run: 'tierkit.run',
  function: 'tierkit.function',
} as const;

/** A machine since it was last started: process ids mean something within one only. */
function machine(): string {
  try {
    return `${hostname()} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return hostname();
  }
}

const markFile = (host: Host) => join(host.parts.addresses.stateDirectory, 'containers');

/** Whether an engine of this state folder has ever started a container. */
export const hadContainers = (host: Host) => existsSync(markFile(host));

/** Which containers are this engine's, and which an earlier one's. */
export class Ownership {
  readonly #state: string;
  readonly #run: string;

  constructor(host: Host) {
    const file = markFile(host);
    if (!existsSync(file)) writeFileSync(file, host.ids.hex(32), { mode: 0o600 });
    this.#state = readFileSync(file, 'utf8');
    this.#run = host.ids.hex(32);
  }

  labels(functionArn: string): Record<string, string> {
    return {
      [LABELS.engine]: String(process.pid),
      [LABELS.machine]: machine(),
      [LABELS.state]: this.#state,
      [LABELS.run]: this.#run,
      [LABELS.function]: functionArn,
    };
  }

  /** Removes what engines left that were killed: those of this state folder, and those whose process is gone. */
  async removeLeftovers(docker: Docker): Promise<void> {
    const filters = encodeURIComponent(JSON.stringify({ label: [LABELS.engine] }));
    const found = await docker.call<{ Id: string; Labels: Record<string, string> }[]>(
      'GET',
      `/containers/json?all=1&filters=${filters}`,
    );
    const left = found.filter(({ Labels }) => this.#isLeft(Labels));
    await Promise.all(
      left.map(({ Id }) => docker.call('DELETE', `/containers/${Id}?force=1&v=1`).catch(() => undefined)),
    );
  }

  #isLeft(labels: Record<string, string>): boolean {
    if (labels[LABELS.run] === this.#run) return false;
    // A state folder has one engine at a time.
    if (labels[LABELS.state] === this.#state) return true;
    return labels[LABELS.machine] === machine() && !isAlive(Number(labels[LABELS.engine]));
  }
}
