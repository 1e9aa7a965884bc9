import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ministack } from './engines/ministack';
import { tierkit } from './engines/tierkit';
import { measure } from './measure';
import { full, quick } from './plans';
import { added, makeReport, markdown, type Report } from './report';

/** `npm run bench [-- --quick --alone --dry --inside --rounds=2]`: measures, prints the table and keeps it in results/. */
async function main(args: string[]): Promise<void> {
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args,
    options: { quick: flag, alone: flag, dry: flag, inside: flag, rounds: { type: 'string' } },
  });
  if (values.rounds !== undefined && !/^[1-9]\d*$/.test(values.rounds)) {
    throw new Error('--rounds takes a whole number from 1');
  }
  const plan = {
    ...(values.quick ? quick : full),
    ...(values.rounds ? { rounds: Number(values.rounds) } : {}),
    engines: values.alone || values.quick || values.inside ? [tierkit] : [tierkit, ministack],
    insideOnly: values.inside === true,
    say: (text: string) => process.stderr.write(`${text}\n`),
  };
  const folder = join(__dirname, 'results');
  const kept = join(folder, 'latest.json');
  const measured = makeReport(await measure(plan), plan.rounds);
  const report = values.inside ? added(JSON.parse(readFileSync(kept, 'utf8')) as Report, measured) : measured;
  const table = markdown(report);
  process.stdout.write(table);
  if (values.quick || values.dry) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(kept, `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(folder, 'latest.md'), table);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
