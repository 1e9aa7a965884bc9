import { cpus, totalmem } from 'node:os';
import { FIGURES, type FigureName } from './figures';
import type { Measured } from './measure';
import { median } from './statistics';

export interface Report {
  date: string;
  machine: { cores: number; model: string; memoryGb: number; node: string; system: string };
  rounds: number;
  engines: {
    name: string;
    resources?: number;
    figures: Partial<Record<FigureName, number>>;
    missing: Partial<Record<FigureName, string>>;
  }[];
}

export function makeReport(measured: readonly Measured[], rounds: number): Report {
  return {
    date: new Date().toISOString(),
    machine: {
      cores: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      memoryGb: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      system: process.platform,
    },
    rounds,
    engines: measured.map(({ name, samples, resources }) => ({
      name,
      ...(resources === undefined ? {} : { resources }),
      figures: Object.fromEntries([...samples.values].map(([figure, values]) => [figure, median(values)])),
      missing: Object.fromEntries([...samples.missing].filter(([figure]) => !samples.values.has(figure))),
    })),
  };
}

/** A report with those figures of another run that it lacks, or that are newer there. */
export function added(report: Report, more: Report): Report {
  const engines = report.engines.map((engine) => {
    const other = more.engines.find(({ name }) => name === engine.name);
    return { ...engine, figures: { ...engine.figures, ...other?.figures } };
  });
  return { ...report, engines };
}

/** The table: a row a figure; tierkit first, then the others and how many times better tierkit is than each. */
export function markdown(report: Report): string {
  const [own, ...others] = report.engines;
  if (!own) return '';
  const head = ['', own.name, 'budget', ...others.flatMap(({ name }) => [name, 'ratio'])];
  const rows = (Object.keys(FIGURES) as FigureName[]).map((name) => {
    const figure: { what: string; unit: string; budget?: number } = FIGURES[name];
    const mine = own.figures[name];
    return [
      `${figure.what} (${figure.unit})`,
      show(mine, own.missing[name]),
      figure.budget === undefined ? '' : show(figure.budget),
      ...others.flatMap((other) => {
        const theirs = other.figures[name];
        return [show(theirs, other.missing[name]), ratio(figure.unit, mine, theirs)];
      }),
    ];
  });
  const { cores, node, system } = report.machine;
  const lines = [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows];
  const note = [
    `Medians of ${report.rounds} rounds on ${cores} cores (${system}, Node ${node}), ${report.date.slice(0, 10)};`,
    'the engines took turns on one machine. A ratio says how many times better tierkit is than the other.',
    'Decisions and signatures are measured in processor time, inside the process; the bare figure beside a signature is Node’s own two',
    'hashes and one HMAC of the same bytes.',
    'The budget of GetItem is 1.3 times the bare server, a ratio of 0.77.',
    'What API Gateway adds is the difference to a signed Invoke of the same function; both are asked in turn. A limit lets',
    'through 50 requests at once and 100 a second.',
  ].join('\n');
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n\n${note}\n`;
}

function show(value: number | undefined, why?: string): string {
  if (value === undefined) return why === undefined ? '' : `none: ${why.replaceAll('|', '/').slice(0, 120)}`;
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(value >= 10 ? 1 : 2);
}

/** More requests are better, all else is better if it is less. */
function ratio(unit: string, mine: number | undefined, theirs: number | undefined): string {
  if (mine === undefined || theirs === undefined) return '';
  // Of a difference that came out as nothing, or less, nothing is a multiple.
  if (mine <= 0 || theirs <= 0) return '';
  return (unit === 'req/s' ? mine / theirs : theirs / mine).toFixed(2);
}
