import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Authority } from '../../engine/src/network/authority';

/** Files, the keys among them readable by their owner only. */
export interface Certificates {
  /** The folder to mount into the Postgres container: server.pem and server.key. */
  folder: string;
  /** The authority's certificate, for whoever is to trust Postgres. */
  caFile: string;
}

/** An authority for this machine's Postgres containers, kept in `folder`, and a certificate for `name` by it. */
export async function makeCertificates(folder: string, name: string): Promise<Certificates> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The authority may vouch for that name and for loopback, and for nothing else.
  const authority = await Authority.open(folder, [name, 'localhost']);
  const { key, cert } = await authority.identityFor(name);
  const files = { 'server.key': key, 'server.pem': cert };
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(folder, file), text, { mode: 0o600 });
  }
  const caFile = join(folder, 'ca.pem');
  // No secret, and functions run as a user of their own.
  chmodSync(caFile, 0o644);
  return { folder, caFile };
}
