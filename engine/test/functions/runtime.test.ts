import { Bench } from './support';

let bench: Bench;
beforeAll(() => {
  bench = new Bench();
});
afterAll(() => bench.close());

const run = async (code: string | Record<string, string>, more = {}, event: unknown = {}) =>
  bench.call(await bench.spec(typeof code === 'string' ? { 'index.js': code } : code, more), event);

describe('handlers', () => {
  test('of ES modules, CommonJS, folders and callbacks', async () => {
    const esm = 'export const handler = async () => typeof require;';
    expect((await run({ 'index.mjs': esm })).value).toBe('undefined');
    expect((await run({ 'index.js': esm, 'package.json': '{"type":"module"}' })).value).toBe('undefined');
    expect(
      (
        await run(
          { 'src/api/index.js': 'exports.go = async () => __filename.endsWith("src/api/index.js")' },
          { handler: 'src/api/index.go' },
        )
      ).value,
    ).toBe(true);
    expect(
      (await run('exports.handler = (event, context, done) => setTimeout(() => done(null, 7), 5)')).value,
    ).toBe(7);
    expect((await run('exports.a = { b: async () => 8 }', { handler: 'index.a.b' })).value).toBe(8);
    expect((await run('exports.handler = async () => {}')).value).toBeNull();
  });

  test('are told the context of the invocation', async () => {
    const spec = await bench.spec({
      'index.js': `exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });`,
    });
    const clientContext = Buffer.from('{"custom":{"a":1}}').toString('base64');
    const { value } = await bench.call(
      spec,
      {},
      { requestId: '8c1c4a31-1f0e-4b54-9a45-8a4f7bd8d1f1', clientContext },
    );
    expect(value).toMatchObject({
      functionName: spec.functionName,
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      logGroupName: spec.logGroup,
      awsRequestId: '8c1c4a31-1f0e-4b54-9a45-8a4f7bd8d1f1',
      invokedFunctionArn: spec.arn,
      clientContext: { custom: { a: 1 } },
      callbackWaitsForEmptyEventLoop: true,
    });
    expect(value.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(value.left).toBeGreaterThan(2000);
    expect(value.left).toBeLessThanOrEqual(3000);
  });

  test('that wait for callbacks wait for the event loop too, unless told not to', async () => {
    const code = (wait: boolean) => `let late = 0;
      exports.handler = (event, context, done) => {
        context.callbackWaitsForEmptyEventLoop = ${wait};
        setTimeout(() => { late++; }, 30);
        done(null, { get late() { return late; } });
      };`;
    expect((await run(code(true))).value).toEqual({ late: 1 });
    expect((await run(code(false))).value).toEqual({ late: 0 });
  });
});

describe('streaming handlers', () => {
  test('give what they wrote, and go on to the next invocation', async () => {
    const spec = await bench.spec({
      'index.js': `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
        stream.setContentType('text/plain');
        stream.write('hello ');
        await new Promise((done) => setTimeout(done, 5));
        stream.end(event.who + ' ' + context.functionVersion);
      });`,
    });
    for (const who of ['a', 'b']) {
      const payload = new TextEncoder().encode(JSON.stringify({ who }));
      const result = await bench.environments.invoke(spec, payload);
      expect(Buffer.from(result.payload).toString()).toBe(`hello ${who} $LATEST`);
      expect(result.functionError).toBeUndefined();
    }
  });

  test('fail like others before they write', async () => {
    const code = 'exports.handler = awslambda.streamifyResponse(async () => { throw new Error("no"); });';
    expect(await run(code)).toMatchObject({ functionError: 'Unhandled', value: { errorMessage: 'no' } });
  });
});

describe('failures', () => {
  test('of the handler are told as Lambda tells them', async () => {
    const { value, functionError, logTail } = await run(
      'exports.handler = async () => { throw new TypeError("no good"); }',
    );
    expect(functionError).toBe('Unhandled');
    expect(value).toMatchObject({ errorType: 'TypeError', errorMessage: 'no good' });
    expect(value.trace[0]).toBe('TypeError: no good');
    expect(logTail).toContain(
      '\tERROR\tInvoke Error \t{"errorType":"TypeError","errorMessage":"no good","stack":[',
    );
    expect((await run('exports.handler = (e, c, done) => done("text")')).value).toEqual({
      errorType: 'string',
      errorMessage: 'text',
      trace: [],
    });
  });

  test('to import', async () => {
    const missing = await run('const pg = require("pg"); exports.handler = async () => 1;');
    expect(missing.functionError).toBe('Unhandled');
    expect(missing.value.errorType).toBe('Runtime.ImportModuleError');
    expect(missing.value.errorMessage).toMatch(
      /^Error: Cannot find module 'pg'\nRequire stack:\n- .*index\.js/,
    );
    expect(missing.logTail).toContain('Status: error\tError Type: Runtime.ImportModuleError');
    const esm = await run({ 'index.mjs': 'import pg from "pg"; export const handler = async () => 1;' });
    expect(esm.value.errorMessage).toMatch(/^Cannot find package 'pg' imported from/);
    expect((await run({ 'other.js': '' })).value).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringMatching(/^Error: Cannot find module 'index'/),
    });
    expect((await run('exports.handler = {{')).value.errorType).toBe('Runtime.UserCodeSyntaxError');
    expect((await run('exports.other = 1')).value).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.handler is undefined or not exported',
    });
    expect((await run('exports.handler = 1')).value.errorMessage).toBe('index.handler is not a function');
    expect((await run('', { handler: 'noDot' })).value.errorType).toBe('Runtime.MalformedHandlerName');
    expect((await run('throw new RangeError("at start")')).value).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'at start',
    });
  });

  test('of the process', async () => {
    const requestId = '0a1c4a31-1f0e-4b54-9a45-8a4f7bd8d1f1';
    const exit = await bench.spec({
      'index.js':
        'exports.handler = async (e) => { if (e.exit) process.exit(7); return ++globalThis.n || (globalThis.n = 1); }',
    });
    expect((await bench.call(exit)).value).toBe(1);
    expect((await bench.call(exit)).value).toBe(2);
    expect((await bench.call(exit, { exit: true }, { requestId })).value).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 7`,
    });
    // The next one starts afresh.
    expect((await bench.call(exit)).value).toBe(1);
    const uncaught = await run(
      'exports.handler = () => new Promise(() => setTimeout(() => { throw new Error("later"); }, 1))',
    );
    expect(uncaught.value).toMatchObject({ errorType: 'Error', errorMessage: 'later' });
    expect(uncaught.logTail).toContain('\tERROR\tUncaught Exception \t');
    const rejected = await run(
      'exports.handler = () => new Promise(() => { setTimeout(() => Promise.reject(new Error("lost")), 1); })',
    );
    expect(rejected.value).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: lost',
    });
    const never = await run('exports.handler = async () => new Promise(() => {})');
    expect(never.value.errorType).toBe('Runtime.NodeJsExit');
  });

  test('by time', async () => {
    const requestId = '1a1c4a31-1f0e-4b54-9a45-8a4f7bd8d1f1';
    const spec = await bench.spec(
      { 'index.js': 'let n = 0; exports.handler = async (e) => { n++; if (e.spin) for (;;); return n; }' },
      { timeout: 1 },
    );
    expect((await bench.call(spec)).value).toBe(1);
    const late = await bench.call(spec, { spin: true }, { requestId });
    expect(late.functionError).toBe('Unhandled');
    expect(late.value).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
    });
    expect(late.logTail).toMatch(new RegExp(`T[\\d:.]+Z ${requestId} Task timed out after 1.00 seconds\n`));
    expect(late.logTail).toMatch(/Duration: 1000.00 ms\tBilled Duration: 1000 ms.*Status: timeout\n$/);
    expect((await bench.call(spec)).value).toBe(1);
  });

  test('by memory', async () => {
    const spec = await bench.spec(
      {
        'index.js':
          'const all = []; exports.handler = async () => { for (;;) { all.push(Buffer.alloc(8e6, 1)); await new Promise((r) => setTimeout(r, 1)); } }',
      },
      { memorySize: 128, timeout: 20 },
    );
    const { value } = await bench.call(spec);
    expect(value.errorType).toBe('Runtime.ExitError');
    expect(value.errorMessage).toMatch(/Runtime exited with error: signal: killed$/);
  });

  test('by the size of the response', async () => {
    const spec = await bench.spec(
      { 'index.js': 'exports.handler = async (n) => "x".repeat(n)' },
      { timeout: 10 },
    );
    expect((await bench.call(spec, 6_291_554)).value).toHaveLength(6_291_554);
    expect((await bench.call(spec, 6_291_555)).value).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
    // The environment lives on.
    expect((await bench.call(spec, 3)).value).toBe('xxx');
  });
});

describe('the environment', () => {
  test('holds what Lambda sets and the function gave, and nothing of the engine', async () => {
    process.env.TIERKIT_TEST_LEAK = 'secret';
    const spec = await bench.spec(
      { 'index.js': 'exports.handler = async () => process.env' },
      { environment: { STAGE: 'x', TZ: 'Europe/Vienna' } },
    );
    const { value } = await bench.call(spec);
    delete process.env.TIERKIT_TEST_LEAK;
    expect(value).toMatchObject({
      STAGE: 'x',
      TZ: 'Europe/Vienna',
      _HANDLER: 'index.handler',
      AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_REGION: 'us-east-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
      AWS_ACCESS_KEY_ID: 'ASIATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    });
    expect(value._X_AMZN_TRACE_ID).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
    for (const name of ['TIERKIT_TEST_LEAK', 'HOME', 'NODE_ENV', 'JEST_WORKER_ID', 'TIERKIT_RUNTIME_API']) {
      expect(value).not.toHaveProperty(name);
    }
  });

  test('has the SDK, its layers, and no other packages', async () => {
    const code =
      'exports.handler = async () => ({ sdk: typeof require("@aws-sdk/client-s3").S3Client, layer: require("shared").value })';
    const layer = await bench.blobs.write(
      (await import('./support')).zip({ 'nodejs/node_modules/shared/index.js': 'exports.value = 4;' }),
    );
    expect((await run(code, { layerBlobs: [layer.id] })).value).toEqual({ sdk: 'function', layer: 4 });
    const esm =
      'import { S3Client } from "@aws-sdk/client-s3"; export const handler = async () => typeof S3Client;';
    expect((await run({ 'index.mjs': esm })).value).toBe('function');
    const own = {
      'index.js': 'exports.handler = async () => require("mine")',
      'node_modules/mine/index.js': 'module.exports = "mine"',
    };
    expect((await run(own)).value).toBe('mine');
    expect((await run('exports.handler = async () => require("lmdb")')).value.errorMessage).toMatch(
      /Cannot find module 'lmdb'/,
    );
  });

  test('writes JSON logs where the function wants them, at the level it wants', async () => {
    const { logTail } = await run(
      'exports.handler = async () => { console.debug("no"); console.info("yes", { a: 1 }); console.error(new Error("bad")); console.log("a\\nb"); }',
      { logFormat: 'JSON', applicationLogLevel: 'INFO' },
    );
    const lines = logTail
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ type: 'platform.start', record: { version: '$LATEST' } });
    expect(lines[1]).toMatchObject({ level: 'INFO', message: 'yes { a: 1 }', requestId: expect.any(String) });
    expect(lines[2]).toMatchObject({ level: 'ERROR', message: { errorType: 'Error', errorMessage: 'bad' } });
    expect(lines[3]).toMatchObject({ message: 'a\nb' });
    expect(lines[4]).toMatchObject({
      type: 'platform.report',
      record: { status: 'success', metrics: { memorySizeMB: 256 } },
    });
  });

  // Shapes: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client (JSON names the class of an error)
  test('names in JSON logs what ended the init phase or an invocation', async () => {
    const errors = async (code: string, last: string) => {
      const spec = await bench.spec({ 'index.js': code }, { logFormat: 'JSON' });
      await bench.call(spec);
      const lines = await bench.stored(spec.logGroup, (message) => message.includes(last));
      // Node's own warnings come as they are.
      const records = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
      return records.filter(({ level }) => level === 'ERROR');
    };
    const [missing, ...more] = await errors(
      'require("no-such-module"); exports.handler = async () => 1;',
      'platform.report',
    );
    expect(more).toEqual([]);
    expect(missing).toEqual({
      timestamp: expect.any(String),
      level: 'ERROR',
      message: {
        errorType: 'ImportModuleError',
        errorMessage: expect.stringMatching(
          /^Error: Cannot find module 'no-such-module'\nRequire stack:\n- /,
        ),
        stackTrace: expect.arrayContaining([
          "Runtime.ImportModuleError: Error: Cannot find module 'no-such-module'",
        ]),
      },
    });
    const [thrown] = await errors(
      'class Refused extends Error { code = 7 }; exports.handler = async () => { throw new Refused("no") };',
      'platform.report',
    );
    expect(thrown).toMatchObject({
      requestId: expect.any(String),
      message: { errorType: 'Refused', errorMessage: 'no', code: 7, stackTrace: expect.any(Array) },
    });
  });

  test('keeps a message of many lines one event', async () => {
    const spec = await bench.spec({
      'index.js':
        'exports.handler = async () => { console.log("one\\ntwo"); process.stdout.write("raw\\nlines\\n"); }',
    });
    await bench.call(spec);
    const logged = await bench.stored(spec.logGroup, (message) => message.startsWith('REPORT'));
    expect(logged.some((message) => message.endsWith('INFO\tone\ntwo\n'))).toBe(true);
    expect(logged).toEqual(expect.arrayContaining(['raw\n', 'lines\n']));
  });

  test('compiles large code once; its stack traces and source maps stay right', async () => {
    const padding = `/* ${'x'.repeat(20_000)} */`;
    const code = `${padding}\nexports.handler = async () => { throw new Error(require('path').basename(__filename)); };\n//# sourceMappingURL=index.js.map\n`;
    // Line 2, column 0 of the bundle is line 1 of handler.ts.
    const map = JSON.stringify({ version: 3, sources: ['handler.ts'], names: [], mappings: ';AAAA' });
    const files = { 'index.js': code, 'index.js.map': map };
    for (const NODE_OPTIONS of ['', '--enable-source-maps', '--enable-source-maps']) {
      const { value } = await run(files, NODE_OPTIONS ? { environment: { NODE_OPTIONS } } : {});
      expect(value.errorMessage).toBe('index.js');
      expect(value.trace.join('\n')).toMatch(NODE_OPTIONS ? /handler\.ts:1:/ : /index\.js:2:39/);
    }
    const cached = await run(files);
    expect(cached.value.trace.join('\n')).toMatch(/index\.js:2:39/);
  });

  test('compiles large code once; its imports go on working', async () => {
    const padding = `/* ${'x'.repeat(20_000)} */`;
    const files = {
      'index.js': `${padding}\nexports.handler = async () => [(await import("node:path")).sep, (await import('./own.mjs')).own];`,
      'own.mjs': 'export const own = 7;',
    };
    for (const start of ['cold', 'from the cache', 'again']) {
      const { value } = await run(files, { environment: { START: start } });
      expect(value).toEqual(['/', 7]);
    }
  });
});
