import { BlockList, isIP } from 'node:net';

const OWN = new BlockList();
OWN.addSubnet('127.0.0.0', 8);
OWN.addAddress('::1', 'ipv6');

/** Whether a host, as a URL names it, is this machine. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  const kind = isIP(name);
  return kind === 0 ? name === 'localhost' : OWN.check(name, kind === 6 ? 'ipv6' : 'ipv4');
}
