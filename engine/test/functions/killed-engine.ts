import { Bench } from './support';

/** An engine that a test kills: tells the processes of an idle and of a busy environment, and waits. */
async function main(): Promise<void> {
  const bench = new Bench();
  const idle = await bench.spec({ 'index.js': 'exports.handler = async () => process.pid' });
  const { value } = await bench.call(idle);
  const busy = await bench.spec(
    {
      'index.js':
        'exports.handler = async () => { console.log("pid", process.pid); await new Promise(setImmediate); for (;;); }',
    },
    { timeout: 60 },
  );
  bench.events.subscribe((event) => {
    const match = event.type === 'log' ? /pid (\d+)\n/.exec(event.message) : null;
    if (match) process.stdout.write(JSON.stringify([value, Number(match[1]), bench.directory]));
  });
  await bench.call(busy);
}

void main();
