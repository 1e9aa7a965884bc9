import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InitHooks } from '../../src/container/init-hooks';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tierkit-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function script(path: string, text: string, mode = 0o755): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}

/** A script that appends its name to `said`. */
const says = (path: string, more = '') =>
  script(path, `#!/bin/sh\necho ${path} >> ${join(folder, 'said')}\n${more}`);
const said = () => readFileSync(join(folder, 'said'), 'utf8').trim().split('\n');

function hooks(): { hooks: InitHooks; messages: string[] } {
  const messages: string[] = [];
  const environment = () => ({ PATH: process.env.PATH });
  return {
    hooks: new InitHooks({
      folder,
      environment,
      say: (level, message) => messages.push(`${level} ${message}`),
    }),
    messages,
  };
}

test('a stage runs its own scripts by name, those of subfolders after them', async () => {
  for (const path of ['ready.d/b.sh', 'ready.d/a.sh', 'ready.d/0/z.sh', 'ready.d/0/0/y.sh', 'start.d/x.sh'])
    says(path);
  const { hooks: made } = hooks();
  await made.run('READY');
  expect(said()).toEqual(['ready.d/a.sh', 'ready.d/b.sh', 'ready.d/0/z.sh', 'ready.d/0/0/y.sh']);
  expect(made.report()).toEqual({
    completed: { BOOT: false, START: false, READY: true, SHUTDOWN: false },
    scripts: [
      { stage: 'START', name: 'x.sh', state: 'UNKNOWN' },
      { stage: 'READY', name: 'a.sh', state: 'SUCCESSFUL' },
      { stage: 'READY', name: 'b.sh', state: 'SUCCESSFUL' },
      { stage: 'READY', name: 'z.sh', state: 'SUCCESSFUL' },
      { stage: 'READY', name: 'y.sh', state: 'SUCCESSFUL' },
    ],
  });
});

test('what fails is told, and the rest runs', async () => {
  says('boot.d/1.sh', 'exit 3');
  script('boot.d/2.sh', '#!/bin/sh\ntrue\n', 0o644);
  script('boot.d/3.sh', '#!/no/such/program\n');
  says('boot.d/4.sh', 'kill -9 $$');
  says('boot.d/5.sh');
  const { hooks: made, messages } = hooks();
  await made.run('BOOT');
  expect(made.report().scripts.map(({ state }) => state)).toEqual([
    'ERROR',
    'ERROR',
    'ERROR',
    'ERROR',
    'SUCCESSFUL',
  ]);
  expect(messages).toEqual([
    `error init script ${folder}/boot.d/1.sh: ended with exit code 3`,
    `error init script ${folder}/boot.d/2.sh: it is not executable: \`chmod +x\` it.`,
    `error init script ${folder}/boot.d/3.sh: the program that its first line names is not there.`,
    `error init script ${folder}/boot.d/4.sh: ended by SIGKILL`,
  ]);
  expect(made.report().completed.BOOT).toBe(true);
});

test('Python scripts need no rights to be run', async () => {
  script('ready.d/a.py', `open(${JSON.stringify(join(folder, 'said'))}, 'w').write('python')\n`, 0o644);
  script('ready.d/b.py', 'raise ValueError("no")\n', 0o644);
  const { hooks: made } = hooks();
  await made.run('READY');
  expect(said()).toEqual(['python']);
  expect(made.report().scripts.map(({ state }) => state)).toEqual(['SUCCESSFUL', 'ERROR']);
});

test('what is no script is left alone; a program that nobody runs is told', () => {
  script('ready.d/seed.json', '{}', 0o644);
  script('ready.d/main.tf', '', 0o644);
  script('ready.d/tool', '#!/bin/sh\n');
  const { hooks: made, messages } = hooks();
  expect(made.report().scripts).toEqual([]);
  expect(messages).toEqual([
    `warn init script ${folder}/ready.d/main.tf is not run: only .sh and .py are.`,
    `warn init script ${folder}/ready.d/tool is not run: only .sh and .py are.`,
  ]);
});

test('files that Kubernetes mounts run once', async () => {
  says('ready.d/..2026_01/a.sh');
  symlinkSync('..2026_01', join(folder, 'ready.d/..data'));
  symlinkSync('..data/a.sh', join(folder, 'ready.d/a.sh'));
  const { hooks: made } = hooks();
  await made.run('READY');
  expect(said()).toHaveLength(1);
});

test('no folder, no scripts', async () => {
  const { hooks: made } = hooks();
  await made.run('SHUTDOWN');
  expect(made.report()).toEqual({
    completed: { BOOT: false, START: false, READY: false, SHUTDOWN: true },
    scripts: [],
  });
});

test('an interrupted stage ends, with what its script started; the shutdown stage still runs', async () => {
  script(
    'start.d/1.sh',
    `#!/bin/sh\necho begun >> ${join(folder, 'said')}\nmkfifo ${join(folder, 'never')}\ncat ${join(folder, 'never')}\n`,
  );
  says('start.d/2.sh');
  says('shutdown.d/3.sh');
  const { hooks: made } = hooks();
  const running = made.run('START');
  setImmediate(() => made.interrupt());
  await running;
  await made.run('SHUTDOWN');
  expect(said().at(-1)).toBe('shutdown.d/3.sh');
  expect(said()).not.toContain('start.d/2.sh');
  expect(made.report().scripts.map(({ state }) => state)).toEqual(['ERROR', 'UNKNOWN', 'SUCCESSFUL']);
});
