import { readFileSync } from 'node:fs';
import type { FrontSettings } from './distribution';
import { Front } from './front';

/** How many ports above a wanted one are tried. */
const TRIES = 20;

/** The front as a process of its own: `front-main.ts <settings> <port>`; tells its URL to whoever started it. */
async function main([file = '', wanted = '0']: string[]): Promise<void> {
  const settings = JSON.parse(readFileSync(file, 'utf8')) as FrontSettings;
  const front = await listening(settings, Number(wanted));
  process.on('SIGTERM', () => void front.stop().then(() => process.exit(0)));
  process.send?.(front.url);
}

async function listening(settings: FrontSettings, wanted: number): Promise<Front> {
  for (let port = wanted; ; port++) {
    try {
      return await Front.start(settings, port);
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || port - wanted >= TRIES) throw error;
    }
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
