import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ministack } from './engines/ministack';
import { tierkit } from './engines/tierkit';
import { measure } from './measure';
import { full, quick } from './plans';
import { makeReport, markdown } from './report';

/** `npm run bench [-- --quick --alone --dry --rounds=2]`: measures, prints the table and keeps it in results/. */
async function main(args: readonly string[]): Promise<void> {
  const isQuick = args.includes('--quick');
  const rounds = Number(args.find((arg) => arg.startsWith('--rounds='))?.slice(9) ?? 0);
  const plan = {
    ...(isQuick ? quick : full),
    ...(rounds ? { rounds } : {}),
    engines: args.includes('--alone') || isQuick ? [tierkit] : [tierkit, ministack],
    say: (text: string) => process.stderr.write(`${text}\n`),
  };
  const report = makeReport(await measure(plan), plan.rounds);
  const table = markdown(report);
  process.stdout.write(table);
  if (isQuick || args.includes('--dry')) return;
  const folder = join(__dirname, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(folder, 'latest.md'), table);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
