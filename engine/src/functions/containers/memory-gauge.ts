import { existsSync, readFileSync } from 'node:fs';
import type { Docker } from './docker';

interface Stats {
  memory_stats?: { usage?: number; stats?: Record<string, number> };
}

/** A container's resident memory: from the kernel where it can be seen, else from Docker. */
export class MemoryGauge {
  /** Where the kernel lists its processes. */
  #processes: string | undefined;
  #last: number | undefined;

  constructor(
    readonly docker: Docker,
    readonly id: string,
  ) {}

  bytes(): number | undefined {
    this.#processes ??= listFile(this.id);
    if (this.#processes === undefined) return this.#last;
    try {
      const pids = readFileSync(this.#processes, 'latin1').split('\n').filter(Boolean);
      this.#last = pids.reduce((sum, pid) => sum + resident(pid), 0) || this.#last;
    } catch {
      // It has ended.
    }
    return this.#last;
  }

  /** Asks Docker, where the kernel is another machine's. */
  async read(): Promise<void> {
    if (this.#processes !== undefined) return;
    try {
      const path = `/containers/${this.id}/stats?stream=false&one-shot=true`;
      const { usage, stats } = (await this.docker.call<Stats>('GET', path)).memory_stats ?? {};
      // As `docker stats` counts: pages of files that nobody uses are not in use.
      if (usage !== undefined) this.#last = usage - (stats?.inactive_file ?? stats?.total_inactive_file ?? 0);
    } catch {
      // It has ended.
    }
  }
}

function resident(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096;
  } catch {
    return 0;
  }
}

/** Control groups of version 1 and 2, as Docker and systemd name them. */
function listFile(id: string): string | undefined {
  return [
    `/sys/fs/cgroup/memory/docker/${id}/cgroup.procs`,
    `/sys/fs/cgroup/system.slice/docker-${id}.scope/cgroup.procs`,
    `/sys/fs/cgroup/docker/${id}/cgroup.procs`,
  ].find((file) => existsSync(file));
}
