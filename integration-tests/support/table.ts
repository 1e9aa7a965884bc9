import { type RunResult, reasonFor, type Status, type TestResult } from './results';
import { testKey } from './skips';

const MARK: Record<Status, string> = { passed: '✔', failed: '✖', skipped: '–' };

/** A target that has no results, and why. */
export interface Absent {
  target: string;
  reason: string;
}

/** One table, test × target, and below it why something is different on one of them. */
export function table(results: RunResult[], absent: Absent[] = []): string {
  const rows = new Map<string, TestResult>();
  for (const { tests } of results) for (const test of tests) rows.set(keyOf(test), test);
  const reasons: string[] = [];
  const lines = [...rows.values()].map((row) => {
    const cells = results.map((result) => cell(result, row, reasons));
    return [`${row.suite}: ${row.test}`.replaceAll('|', '\\|'), ...cells];
  });
  const heads = ['test', ...results.map(({ target }) => target)];
  return [
    markdown([heads, ['---', ...results.map(() => ':---:')], ...lines]),
    '',
    '✔ passed, ✖ failed, – skipped:',
    '',
    ...reasons.map((reason, n) => `${n + 1}. ${reason}`),
    ...absent.map(({ target, reason }) => `- ${target} was not run: ${reason}`),
  ].join('\n');
}

const keyOf = ({ suite, test }: TestResult) => testKey(suite, test);

function cell(result: RunResult, row: TestResult, reasons: string[]): string {
  const found = result.tests.find((test) => keyOf(test) === keyOf(row));
  if (!found) return note('–', `is not among the tests that ran on ${result.target}`, reasons);
  if (found.status !== 'skipped') return MARK[found.status];
  return note(MARK.skipped, reasonFor(result, found) ?? 'skipped without a reason', reasons);
}

/** The mark with the number of its reason, which is counted once. */
function note(mark: string, reason: string, reasons: string[]): string {
  let at = reasons.indexOf(reason);
  if (at < 0) at = reasons.push(reason) - 1;
  return `${mark} (${at + 1})`;
}

function markdown(rows: string[][]): string {
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

export const count = ({ tests }: RunResult, status: Status) =>
  tests.filter((test) => test.status === status).length;

/** `embedded: 40 passed, 0 failed, 2 skipped` */
export function summary(result: RunResult): string {
  return `${result.target}: ${count(result, 'passed')} passed, ${count(result, 'failed')} failed, ${count(result, 'skipped')} skipped`;
}

const BEGIN = '<!-- targets, by `make parity`: begin -->';
const END = '<!-- targets: end -->';

/** The page with the table in place of the one that was there. */
export function withTable(page: string, text: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The page lacks the lines ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`;
}

/** The targets that the page's table has columns for. */
export function targetsIn(page: string): string[] {
  const text = page.slice(page.indexOf(BEGIN), page.indexOf(END));
  const [, heads = ''] = /^\| test \|(.*)\|$/m.exec(text) ?? [];
  return heads
    .split('|')
    .map((head) => head.trim())
    .filter((head) => head !== '');
}
