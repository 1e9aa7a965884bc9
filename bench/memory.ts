import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Resident megabytes of one process. */
export function memoryOf(pid: number): number {
  return kilobytes(pid) / 1024;
}

function kilobytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
  }
}
