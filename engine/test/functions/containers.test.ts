import { execFile } from 'node:child_process';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describeWith } from '../docker/available';
import { Bench, zip } from './support';

const run = promisify(execFile);

/** Containers of this process's engines that Docker knows. */
async function containers(): Promise<string[]> {
  const { stdout } = await run('docker', ['ps', '-aq', '--filter', `label=tierkit.engine=${process.pid}`]);
  return stdout.split('\n').filter(Boolean);
}

jest.setTimeout(60_000);

describeWith('public.ecr.aws/lambda/nodejs:20')('functions in containers', () => {
  let bench: Bench;
  beforeAll(() => {
    bench = new Bench(9, { executor: 'docker', idleLife: 300_000 });
  });
  afterAll(async () => {
    await bench.close();
    expect(await containers()).toEqual([]);
  });

  const call = async (code: string, more = {}, event: unknown = {}) =>
    bench.call(await bench.spec({ 'index.js': code }, more), event);

  test('run as on Lambda, and are kept warm', async () => {
    const spec = await bench.spec(
      {
        'index.js': `let calls = 0;
        exports.handler = async (event, context) => {
          console.log('first\\nsecond');
          calls++;
          const fs = require('fs');
          const refused = (path) => { try { fs.writeFileSync(path, 'x'); return false; } catch (error) { return error.code; } };
          return { calls, event, uid: process.getuid(), cwd: process.cwd(), env: process.env, left: context.getRemainingTimeInMillis(),
            task: refused('/var/task/x'), root: refused('/etc/x'), tmp: refused('/tmp/x'), opt: fs.readFileSync('/opt/layer.txt', 'utf8') };
        };`,
      },
      {
        environment: { MINE: 'yes' },
        layerBlobs: [(await bench.blobs.write(zip({ 'layer.txt': 'layer' }))).id],
      },
    );
    const { value, logTail } = await bench.call(spec, { a: 1 });
    expect(value).toMatchObject({
      calls: 1,
      event: { a: 1 },
      uid: 993,
      cwd: '/var/task',
      task: 'EROFS',
      root: 'EROFS',
      tmp: false,
      opt: 'layer',
      env: {
        MINE: 'yes',
        _HANDLER: 'index.handler',
        AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
        LAMBDA_TASK_ROOT: '/var/task',
        TZ: ':UTC',
      },
    });
    expect(value.env).not.toHaveProperty('NODE_OPTIONS');
    expect(value.left).toBeGreaterThan(2000);
    const [start, line, ...rest] = logTail.split(/\n(?=END|REPORT|2)/);
    expect(start).toMatch(/^START RequestId: \S+ Version: \$LATEST$/);
    expect(line).toMatch(/\tINFO\tfirst\nsecond$/);
    expect(rest.join('\n')).toMatch(/^END RequestId: \S+\nREPORT RequestId: .*\tInit Duration: /);
    expect(rest.join('\n')).toMatch(/Max Memory Used: [1-9]\d MB/);
    expect((await bench.call(spec)).value.calls).toBe(2);
    expect((await bench.call(spec)).value.calls).toBe(3);
  });

  test('two at once are two environments, and a retired one goes', async () => {
    // Nobody is answered before both are there.
    const waiting: ServerResponse[] = [];
    const gate = createServer((_request, response) => {
      waiting.push(response);
      if (waiting.length >= 2) for (const one of waiting) one.end();
    });
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = gate.address() as AddressInfo;
      const spec = await bench.spec({
        'index.js': `const id = Math.random(); exports.handler = async () => { await fetch('http://127.0.0.1:${port}/'); return id; };`,
      });
      const [one, other] = await Promise.all([bench.call(spec), bench.call(spec)]);
      expect(one.value).not.toBe(other.value);
      await bench.environments.retire(spec.arn);
      const third = await bench.call(spec);
      expect([one.value, other.value]).not.toContain(third.value);
    } finally {
      gate.closeAllConnections();
      gate.close();
    }
  });

  test('errors of the handler and of the init phase', async () => {
    const failed = await call('exports.handler = async () => { throw new TypeError("no good"); }');
    expect(failed).toMatchObject({
      functionError: 'Unhandled',
      value: { errorType: 'TypeError', errorMessage: 'no good' },
    });
    const init = await call('throw new RangeError("at start")');
    expect(init.functionError).toBe('Unhandled');
    expect(init.logTail).toContain('Status: error');
    const exit = await call('exports.handler = async () => process.exit(3)');
    expect(exit.value).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Error: Runtime exited with error: exit status 3$/),
    });
  });

  test('end when their time or memory is up', async () => {
    const spin = await call(
      'exports.handler = async () => { console.log("spins"); await new Promise(setImmediate); for (;;); }',
      {
        timeout: 1,
      },
    );
    expect(spin.value).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1.00 seconds$/),
    });
    expect(spin.logTail).toContain('\tINFO\tspins\n');
    expect(spin.logTail).toMatch(/Task timed out after 1.00 seconds\n\nEND/);
    const grow = await call(
      'exports.handler = async () => { const all = []; for (;;) { all.push(Buffer.alloc(8e6, 1)); await new Promise((done) => setTimeout(done, 5)); } }',
      { memorySize: 128, timeout: 20 },
    );
    expect(grow.value).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Error: Runtime exited with error: signal: killed$/),
    });
  });

  test('responses have a largest size', async () => {
    const large = await call('exports.handler = async () => "x".repeat(7e6)', {
      memorySize: 512,
      timeout: 10,
    });
    expect(large.value.errorType).toBe('Function.ResponseSizeTooLarge');
  });

  test('a runtime whose image is neither here nor to be had is refused, and says what to do', async () => {
    const own = new Bench(9, { executor: 'docker', images: { 'nodejs20.x': '127.0.0.1:9/none:1' } });
    const spec = await own.spec({ 'index.js': '' });
    await expect(own.call(spec)).rejects.toMatchObject({
      name: 'ServiceException',
      message: expect.stringMatching(
        /^tierkit cannot run the function in a container: the image 127.0.0.1:9\/none:1 for amd64 is not here and cannot be pulled \(/,
      ),
    });
    await own.close();
  });

  test('containers of an engine that was killed are removed by the next, and no others', async () => {
    const label = (name: string, value: string) => ['--label', `tierkit.${name}=${value}`];
    const state = 'f'.repeat(32);
    const create = async (...labels: string[]) => {
      const { stdout } = await run('docker', ['create', ...labels, 'public.ecr.aws/lambda/nodejs:20', 'x']);
      return stdout.trim();
    };
    const next = new Bench(9, { executor: 'docker' });
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${next.directory}/containers`, state);
    const left = await create(...label('engine', '1'), ...label('state', state), ...label('run', 'x'));
    const foreign = await create(
      ...label('engine', '1'),
      ...label('state', 'other'),
      ...label('machine', 'other'),
    );
    await next.environments.image('nothing');
    const { stdout } = await run('docker', ['ps', '-aq', '--no-trunc', '--filter', 'label=tierkit.engine=1']);
    expect(stdout).not.toContain(left);
    expect(stdout).toContain(foreign);
    await run('docker', ['rm', '-f', foreign]);
    await next.close();
  });
});

describeWith('public.ecr.aws/lambda/python:3.13')('functions of other runtimes', () => {
  test('run in theirs', async () => {
    const bench = new Bench(9, { executor: 'docker' });
    const spec = await bench.spec(
      {
        'app.py':
          'import sys\ndef handler(event, context):\n  print("hello")\n  return {"python": sys.version_info[:2], "name": context.function_name, "event": event}\n',
      },
      { runtime: 'python3.13', handler: 'app.handler', timeout: 10 },
    );
    const { value, logTail } = await bench.call(spec, { a: 1 });
    expect(value).toEqual({ python: [3, 13], name: spec.functionName, event: { a: 1 } });
    expect(logTail).toContain('\nhello\n');
    await bench.close();
  });
});

test('without Docker a function is refused at once, and says what to do', async () => {
  const bench = new Bench(9, { executor: 'docker', docker: { socketPath: '/nowhere/docker.sock' } });
  await expect(bench.call(await bench.spec({ 'index.js': '' }))).rejects.toMatchObject({
    name: 'ServiceException',
    message: 'tierkit cannot run the function in a container: no Docker was found at /nowhere/docker.sock.',
  });
  await bench.close();
});
