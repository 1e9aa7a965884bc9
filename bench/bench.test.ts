import { bare } from './engines/bare';
import { tierkit } from './engines/tierkit';
import { FIGURES, type FigureName } from './figures';
import { measure } from './measure';
import { quick } from './plans';
import { makeReport, markdown, type Report } from './report';

const OF_BARE: FigureName[] = [
  'signature',
  'apiP50',
  'apiP99',
  'apiRate1',
  'apiRate16',
  'cacheRate16',
  'getItemP50',
  'getItemRate16',
];

/** A difference and a deviation: on a good day nothing, or less. */
const MAY_BE_NOTHING: ReadonlySet<FigureName> = new Set(['gatewayAdds', 'limitError']);

describe('a smoke run', () => {
  let report: Report;

  beforeAll(async () => {
    const plan = { ...quick, engines: [tierkit], say: () => {} };
    report = makeReport(await measure(plan), plan.rounds);
  }, 300_000);

  test.each(Object.keys(FIGURES) as FigureName[])('%s of tierkit is a figure', (name) => {
    const [own] = report.engines;
    expect(own?.missing).toEqual({});
    if (!MAY_BE_NOTHING.has(name)) expect(own?.figures[name]).toBeGreaterThan(0);
    expect(Number.isFinite(own?.figures[name])).toBe(true);
  });

  test('a limit is kept', () => {
    // The bench's own budget is narrower: here few seconds of a busy machine count.
    expect(report.engines[0]?.figures.limitError).toBeLessThan(25);
  });

  test.each(OF_BARE)('%s of the bare limit is a figure', (name) => {
    const limit = report.engines.find((engine) => engine.name === bare.name);
    expect(limit?.missing).toEqual({});
    expect(limit?.figures[name]).toBeGreaterThan(0);
    expect(Number.isFinite(limit?.figures[name])).toBe(true);
  });

  test('the stack is as large as it says', () => {
    expect(report.engines[0]?.resources).toBeGreaterThanOrEqual(28);
  });

  test('the table has a row for each', () => {
    const table = markdown(report);
    for (const { what } of Object.values(FIGURES)) expect(table).toContain(`| ${what} (`);
  });
});
