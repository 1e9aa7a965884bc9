import { TargetError } from '../targets';

/** Ends the process as `work` comes out: its code, a line and a code of its own, or an error in full. */
export async function endWith(work: Promise<number>, interrupted: AbortSignal): Promise<void> {
  try {
    process.exitCode = await work;
  } catch (error) {
    if (error instanceof TargetError || interrupted.aborted) process.stderr.write(`${messageOf(error)}\n`);
    else console.error(error);
    process.exitCode = error instanceof TargetError ? error.exitCode : 1;
  }
  // What was being started when it was cut short may still be coming; nobody waits for it.
  if (interrupted.aborted) process.exit(130);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
