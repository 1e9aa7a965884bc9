import type { Host } from '../kernel';

interface Asked {
  method: string;
  path: string;
}

/** Callers only read that something failed: the reason is for whoever looks at the log. */
export function tellReason(host: Host, api: string, { method, path }: Asked, reason: string): void {
  tell(host, 'warn', `API ${api} ${method} ${path}: ${reason}`);
}

/** What no stage of a path has foreseen, with its stack; returns what it says. */
export function tellUnexpected(host: Host, room: string, error: unknown): string {
  const [short, long] = error instanceof Error ? [error.message, error.stack] : [String(error), undefined];
  tell(host, 'error', `${room}: ${long ?? short}`);
  return short;
}

function tell(host: Host, level: 'warn' | 'error', message: string): void {
  host.parts.events.emit({ type: 'engine', at: host.clock.millis(), level, message });
}
