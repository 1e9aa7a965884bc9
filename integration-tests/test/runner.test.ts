import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Circus } from '@jest/types';
import { testArguments } from '../cli/arguments';
import { skipListed } from '../support/environment';
import { resultOf } from '../support/results';
import { chosenTarget } from '../targets';

describe('arguments', () => {
  test('the target and the account, wherever they stand; the rest is jest’s', () => {
    expect(testArguments(['-t', 'sells', '--target', 'aws', '--yes=1234', 'shows'], {})).toEqual({
      target: 'aws',
      yes: '1234',
      jest: ['-t', 'sells', 'shows'],
    });
  });

  test('the environment says what arguments do not', () => {
    const env = { TIERKIT_TARGET: 'image', TIERKIT_AWS_YES: '1234' };
    expect(testArguments([], env)).toEqual({ target: 'image', yes: '1234', jest: [] });
    expect(testArguments(['--target=embedded', '--yes', '5'], env)).toMatchObject({
      target: 'embedded',
      yes: '5',
    });
    expect(testArguments([], { TIERKIT_TARGET: '', TIERKIT_AWS_YES: '' })).toEqual({
      target: 'embedded',
      yes: undefined,
      jest: [],
    });
  });

  test.each([['--yes'], ['--target'], ['--yes', '--verbose']])('%s without a value is refused', (...args) => {
    expect(() => testArguments(args, {})).toThrow(/needs a value/);
  });

  test('an unknown target is refused, and the known ones are named', async () => {
    await expect(chosenTarget('azure')).rejects.toMatchObject({
      exitCode: 64,
      message: 'There is no target "azure". Known: embedded, localstack, image, aws',
    });
    await expect(chosenTarget('constructor')).rejects.toMatchObject({ exitCode: 64 });
  });
});

describe('the command', () => {
  const cli = join(__dirname, '..', 'cli', 'test.ts');
  const command = (args: string[], env: Record<string, string>) =>
    new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
      const child = spawn(process.execPath, ['--import', 'tsx', cli, ...args], {
        cwd: join(__dirname, '..'),
        env: { ...process.env, NODE_OPTIONS: '--no-warnings', ...env },
      });
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stderr }));
    });

  test.each(['localstack', 'image'])(
    'without Docker the target %s is one line and an exit code of its own',
    async (target) => {
      const nobody = { DOCKER_HOST: 'tcp://127.0.0.1:9' };
      const { code, stderr } = await command(['--target', target], nobody);
      expect(code).toBe(69);
      expect(stderr).toMatch(/^target \w+: no Docker Engine answers at .* needs no Docker\.\n$/);
    },
    60_000,
  );

  test('an unknown target is one line, too', async () => {
    const { code, stderr } = await command(['--target', 'azure'], {});
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringMatching(/^There is no target.*\n$/) });
  }, 60_000);
});

describe('skips', () => {
  type Entry = { type: string; name: string; mode?: string; children?: Entry[] };
  const suite = (name: string, ...children: Entry[]): Entry => ({ type: 'describeBlock', name, children });
  const test_ = (name: string): Entry => ({ type: 'test', name });

  test('a suite or a test by its name, each with its reason, and nothing else', () => {
    const root = suite('ROOT', suite('shows', test_('sells'), test_('waits')), suite('info', test_('tells')));
    const noted: string[] = [];
    const skips = { 'shows › waits': 'no cache', info: 'no database', 'shows › flies': 'no such test' };
    skipListed(root as unknown as Circus.DescribeBlock, skips, (key, why) => noted.push(`${key}: ${why}`));
    expect(noted).toEqual(['shows › waits: no cache', 'info: no database']);
    const modes = (root.children ?? []).map(({ mode, children = [] }) => [mode, children.map((c) => c.mode)]);
    expect(modes).toEqual([
      [undefined, [undefined, 'skip']],
      ['skip', ['skip']],
    ]);
  });
});

test('a suite that could not be loaded is a failure of the run', () => {
  const report = {
    testResults: [
      { name: '/suites/shows.e2e.ts', message: 'SyntaxError', assertionResults: [] },
      {
        name: '/suites/info.e2e.ts',
        message: '',
        assertionResults: [{ ancestorTitles: ['info'], title: 'tells', status: 'pending' }],
      },
    ],
  };
  const rest = { target: 'embedded', skips: {}, upSeconds: 1, testSeconds: 1 };
  expect(resultOf(report, rest).tests).toEqual([
    { suite: 'shows.e2e.ts', test: 'loads', status: 'failed' },
    { suite: 'info', test: 'tells', status: 'skipped' },
  ]);
});
