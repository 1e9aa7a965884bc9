import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type InitReport, STAGES, type Stage } from '../cloud/conventions';

interface Script {
  stage: Stage;
  name: string;
  path: string;
  state: 'UNKNOWN' | 'RUNNING' | 'SUCCESSFUL' | 'ERROR';
}

export interface InitHooksOptions {
  /** Holds boot.d, start.d, ready.d and shutdown.d. */
  folder: string;
  environment(): NodeJS.ProcessEnv;
  say(level: 'info' | 'warn' | 'error', message: string): void;
}

/**
 * Scripts that run at the stages of a start and a stop, in LocalStack's order; one that fails is told and does not
 * stop the rest. https://docs.localstack.cloud/aws/capabilities/config/initialization-hooks/
 */
export class InitHooks {
  readonly #scripts: Script[];
  #completed = new Set<Stage>();
  #running: ChildProcess | undefined;
  #interrupted = false;

  constructor(readonly options: InitHooksOptions) {
    this.#scripts = STAGES.flatMap((stage) => this.#find(stage));
  }

  report(): InitReport {
    const completed = (stage: Stage) => this.#completed.has(stage);
    return {
      completed: {
        BOOT: completed('BOOT'),
        START: completed('START'),
        READY: completed('READY'),
        SHUTDOWN: completed('SHUTDOWN'),
      },
      scripts: this.#scripts.map(({ stage, name, state }) => ({ stage, name, state })),
    };
  }

  /** Runs a stage's scripts, one after the other. Never throws: what went wrong is in the report. */
  async run(stage: Stage): Promise<void> {
    for (const script of this.#scripts.filter((one) => one.stage === stage)) {
      if (this.#interrupted && stage !== 'SHUTDOWN') return;
      script.state = 'RUNNING';
      const failure = await this.#execute(script);
      script.state = failure === undefined ? 'SUCCESSFUL' : 'ERROR';
      if (failure !== undefined) this.options.say('error', `init script ${script.path}: ${failure}`);
    }
    this.#completed.add(stage);
  }

  /** Ends the script that runs, and lets none of the stages before SHUTDOWN begin another. */
  interrupt(): void {
    this.#interrupted = true;
    const pid = this.#running?.pid;
    if (pid === undefined) return;
    try {
      // A group of its own: what the script started ends with it.
      process.kill(-pid, 'SIGTERM');
    } catch {
      // Gone already.
    }
  }

  /** As new, for an engine that is started again; the boot stage is the container's and stays done. */
  again(): void {
    this.#interrupted = false;
    this.#completed = new Set(['BOOT']);
    for (const script of this.#scripts) if (script.stage !== 'BOOT') script.state = 'UNKNOWN';
  }

  /** Undefined where it went well, else why it did not. */
  #execute({ path }: Script): Promise<string | undefined> {
    const [command, args] = path.endsWith('.py') ? ['python3', [path]] : [path, []];
    return new Promise((resolve) => {
      const child = spawn(command, args, {
        env: this.options.environment(),
        stdio: ['ignore', 'inherit', 'inherit'],
        detached: true,
      });
      this.#running = child;
      const done = (failure: string | undefined) => {
        this.#running = undefined;
        resolve(failure);
      };
      child.once('error', (error: NodeJS.ErrnoException) => done(reason(error, path)));
      child.once('exit', (code, signal) =>
        done(code === 0 ? undefined : signal ? `ended by ${signal}` : `ended with exit code ${code}`),
      );
    });
  }

  /** A folder's own files before those of its subfolders, both by name. */
  #find(stage: Stage): Script[] {
    const scripts: Script[] = [];
    const look = (folder: string) => {
      const entries = list(folder).sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const { name } of entries.filter((entry) => !entry.isDirectory())) {
        const path = join(folder, name);
        if (/\.(?:sh|py)$/.test(name)) {
          if (isFile(path)) scripts.push({ stage, name, path, state: 'UNKNOWN' });
        } else if (name.endsWith('.tf') || isProgram(path))
          this.options.say('warn', `init script ${path} is not run: only .sh and .py are.`);
      }
      // Kubernetes mounts every file twice: as a link, and in a folder whose name begins with two dots.
      for (const { name } of entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('..')))
        look(join(folder, name));
    };
    look(join(this.options.folder, `${stage.toLowerCase()}.d`));
    return scripts;
  }
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}

function reason({ code, message }: NodeJS.ErrnoException, path: string): string {
  if (path.endsWith('.py') && code === 'ENOENT') return 'there is no python3 to run it.';
  if (code === 'EACCES') return 'it is not executable: `chmod +x` it.';
  if (code === 'ENOENT') return 'the program that its first line names is not there.';
  if (code === 'ENOEXEC') return 'its first line names no program, such as #!/bin/bash.';
  return message;
}
