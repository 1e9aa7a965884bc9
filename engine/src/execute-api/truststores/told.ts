import type { Host } from '../../kernel';

/** A client that shows no certificate is told nothing: the reason is for whoever looks at the engine's log. */
export function tellOfMissing(host: Host, domainName: string): void {
  host.parts.events.emit({
    type: 'engine',
    at: host.clock.millis(),
    level: 'warn',
    message: `${domainName} has mutual TLS: a client without a certificate was refused`,
  });
}
