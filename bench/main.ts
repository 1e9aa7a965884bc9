import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ministack } from './engines/ministack';
import { tierkit } from './engines/tierkit';
import { measure } from './measure';
import { full, quick } from './plans';
import { makeReport, markdown } from './report';

/** `npm run bench [-- --quick --alone --dry --rounds=2]`: measures, prints the table and keeps it in results/. */
async function main(args: string[]): Promise<void> {
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args,
    options: { quick: flag, alone: flag, dry: flag, rounds: { type: 'string' } },
  });
  if (values.rounds !== undefined && !/^[1-9]\d*$/.test(values.rounds)) {
    throw new Error('--rounds takes a whole number from 1');
  }
  const plan = {
    ...(values.quick ? quick : full),
    ...(values.rounds ? { rounds: Number(values.rounds) } : {}),
    engines: values.alone || values.quick ? [tierkit] : [tierkit, ministack],
    say: (text: string) => process.stderr.write(`${text}\n`),
  };
  const report = makeReport(await measure(plan), plan.rounds);
  const table = markdown(report);
  process.stdout.write(table);
  if (values.quick || values.dry) return;
  const folder = join(__dirname, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(folder, 'latest.md'), table);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
