import { execFileSync } from 'node:child_process';

interface Process {
  pid: number;
  parent: number;
  command: string;
}

function all(): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
    // A zombie has ended: it only waits for this container's init to notice.
    if (!match || match[3]?.startsWith('Z')) return [];
    return [{ pid: Number(match[1]), parent: Number(match[2]), command: match[4] ?? '' }];
  });
}

/** All processes below `root`. */
export function below(root: number): Process[] {
  const processes = all();
  const found: Process[] = [];
  for (let parents = new Set([root]); parents.size > 0; ) {
    const children = processes.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map(({ pid }) => pid));
  }
  return found;
}

/** Which of `processes` run still. */
export function running(processes: readonly Process[]): Process[] {
  const now = new Map(all().map(({ pid, command }) => [pid, command]));
  return processes.filter(({ pid }) => now.has(pid));
}
