import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Functions' processes must not outlive the engine, not even one that spins in a loop while the engine is killed
 * with -9. So a shell waits at a pipe from the engine; when that breaks it kills the groups it was told of.
 */
const SCRIPT = `trap '' INT TERM HUP
all=' '
while read -r op pid; do
  case $op in
    +) all="$all$pid " ;;
    -) case $all in *" $pid "*) all="\${all%% $pid *} \${all#* $pid }" ;; esac ;;
  esac
done
for pid in $all; do kill -9 "-$pid" 2>/dev/null; done`;

export class Reaper {
  #shell: ChildProcess | undefined;

  watch(pid: number): void {
    this.#tell(`+ ${pid}\n`);
  }

  forget(pid: number): void {
    this.#tell(`- ${pid}\n`);
  }

  #tell(line: string): void {
    if (!this.#shell) {
      this.#shell = spawn('/bin/sh', ['-c', SCRIPT], {
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: true,
        env: {},
      });
      this.#shell.on('error', () => {});
      this.#shell.stdin?.on('error', () => {});
      this.#shell.unref();
      (this.#shell.stdin as { unref?(): void } | null)?.unref?.();
    }
    this.#shell.stdin?.write(line);
  }

  async close(): Promise<void> {
    const shell = this.#shell;
    this.#shell = undefined;
    if (!shell || shell.exitCode !== null) return;
    await new Promise<void>((done) => {
      shell.ref();
      shell.once('close', () => done());
      shell.stdin?.end();
    });
  }
}
