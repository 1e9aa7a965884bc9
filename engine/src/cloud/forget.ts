import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removePostgres } from '../servers/postgres';

/** Removes a stopped engine's state, and what its servers keep elsewhere. */
export async function forgetState(stateDirectory: string): Promise<void> {
  const rds = join(stateDirectory, 'rds');
  if (existsSync(rds)) for (const name of readdirSync(rds)) await removePostgres(join(rds, name));
  await rm(stateDirectory, { recursive: true, force: true });
}
