import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

export default async function stop(): Promise<void> {
  const file = process.env.THEATRE_DEPLOYMENT;
  if (file) rmSync(dirname(file), { recursive: true, force: true });
  await globalThis.theatreTarget?.stop();
}
