import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..');

/** What is printed once a season. */
export const leafletFiles = join(root, 'app', 'leaflets');

/** The built site, or an error that says how to build it. */
export function siteFiles(dist = join(root, 'app', 'web', 'dist')): string {
  if (!existsSync(join(dist, 'index.html'))) {
    throw new Error('The site is not built: run `npm run build -w @tierkit/web` first');
  }
  return dist;
}
