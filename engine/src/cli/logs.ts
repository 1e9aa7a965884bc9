import type { EngineEvent } from '../observe';
import type { EngineCard } from './engine-card';

/** Prints the engine's events; with `follow` until the engine or the reader ends. */
export async function printLogs(
  engine: EngineCard,
  options: { follow: boolean; json: boolean },
): Promise<void> {
  const response = await fetch(`${engine.endpoint}/_tierkit/logs${options.follow ? '?follow' : ''}`);
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const text = options.json ? line : formatEvent(JSON.parse(line) as EngineEvent);
      if (text !== undefined) process.stdout.write(`${text}\n`);
    }
  }
}

/** An event as a line for a person; undefined for what the log does not show. */
export function formatEvent(event: EngineEvent): string | undefined {
  // Refusals are told in words besides, and what was allowed is asked for: `tierkit explain`, `tierkit access`.
  if (event.type === 'decision') return undefined;
  const time = timeOf(event.at);
  switch (event.type) {
    case 'request': {
      const failure = event.error ? ` ${event.error}: ${event.message}` : '';
      return `${time} ${event.status} ${event.service}:${event.operation} ${event.millis} ms${failure}`;
    }
    case 'http':
      return `${time} ${event.status} ${event.target} ${event.method} ${event.path} ${event.millis} ms`;
    case 'log':
      return `${time} ${event.group} ${event.message.trimEnd()}`;
    case 'engine':
      return `${time} ${event.level} ${event.message}`;
  }
}

let lately = { at: Number.NaN, time: '' };

/** A busy engine has many events a millisecond. */
function timeOf(at: number): string {
  if (lately.at !== at) lately = { at, time: new Date(at).toISOString().slice(11, 23) };
  return lately.time;
}
