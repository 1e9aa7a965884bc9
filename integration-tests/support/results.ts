import type { Skips } from '../targets';
import { testKey } from './skips';

export type Status = 'passed' | 'failed' | 'skipped';

export interface TestResult {
  suite: string;
  test: string;
  status: Status;
}

/** What one target's run came to; kept as JSON, so that runs on several machines make one table. */
export interface RunResult {
  target: string;
  upSeconds: number;
  testSeconds: number;
  tests: TestResult[];
  /** The reasons for what was skipped. */
  skips: Skips;
}

/** As much of jest's own report as is used. https://jestjs.io/docs/cli#--json */
export interface JestReport {
  testResults: {
    name: string;
    message: string;
    assertionResults: { ancestorTitles: string[]; title: string; status: string }[];
  }[];
}

export function resultOf(report: JestReport, rest: Omit<RunResult, 'tests'>): RunResult {
  const tests = report.testResults.flatMap(({ name, message, assertionResults }) => {
    // A file that could not be loaded has a message instead of tests.
    if (assertionResults.length === 0 && message) {
      const file = name.split('/').at(-1) ?? name;
      return [{ suite: file, test: 'loads', status: 'failed' as const }];
    }
    return assertionResults.map(({ ancestorTitles, title, status }) => ({
      suite: ancestorTitles.join(' › '),
      test: title,
      status: statusOf(status),
    }));
  });
  return { ...rest, tests };
}

function statusOf(status: string): Status {
  if (status === 'passed' || status === 'failed') return status;
  return 'skipped';
}

/** Why a test was skipped, by its own name or its suite's. */
export function reasonFor({ skips }: RunResult, { suite, test }: TestResult): string | undefined {
  return skips[testKey(suite, test)] ?? skips[suite];
}
