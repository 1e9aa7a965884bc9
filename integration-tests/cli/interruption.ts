/**
 * Aborts at the first ^C or request to end. Later ones are not heard: a terminal, npm and make each send one, and
 * whatever was made has to be taken away first.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) return;
      process.stderr.write(`\n${name}: taking down what was made; this must not be cut short\n`);
      controller.abort(new Error(`interrupted by ${name}`));
    });
  }
  // A terminal that was closed must not end the clean-up.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return controller.signal;
}
