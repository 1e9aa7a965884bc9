'use strict';
const { runtimeError, toResponse, logError } = require('./errors');
const { buildContext } = require('./context');
const { ResponseStream, isStreaming } = require('./streaming');
const logs = require('./logs');
const codeCache = require('./code-cache');

// One invocation after another, as Lambda's Node runtime runs them.

const NEXT = '/2018-06-01/runtime/invocation/next';

class InvocationLoop {
  #client;
  #handler;
  #beforeExit = () => {};
  /** Ends the running invocation with an error; undefined between invocations. */
  #fail;
  #first = true;

  constructor(client, handler) {
    this.#client = client;
    this.#handler = handler;
    process.on('beforeExit', () => this.#beforeExit());
  }

  start() {
    this.#client.ref();
    this.#client.get(NEXT, (...answer) => this.#invoke(...answer));
  }

  /** An error nobody caught: the invocation fails with it and the process ends. */
  crash(error, exitCode) {
    if (!this.#fail) return process.exit(exitCode);
    this.#client.ref();
    return this.#fail(error, () => process.exit(exitCode));
  }

  #headers() {
    return { 'Tierkit-Log-Bytes': logs.written(), 'Tierkit-Rss': process.memoryUsage.rss() };
  }

  #invoke(_status, headers, body) {
    const id = headers['lambda-runtime-aws-request-id'];
    const deadline = performance.now() + Number(headers['tierkit-timeout-ms']);
    const base = `/2018-06-01/runtime/invocation/${id}`;
    logs.setRequestId(id);
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    // From here on only the handler's own work keeps the process alive.
    this.#client.unref();
    let open = true;
    const finish = (path, extra, payload, then) => {
      if (!open) return;
      open = false;
      this.#beforeExit = () => {};
      this.#fail = undefined;
      this.#client.ref();
      const next = then ? undefined : { path: NEXT, done: (...answer) => this.#invoke(...answer) };
      this.#client.post(path, { ...extra, ...this.#headers() }, payload, then ?? (() => {}), next);
      // The answer is on its way; now there is time.
      if (this.#first) setImmediate(codeCache.save);
      this.#first = false;
    };
    const fail = (error, then) => {
      if (open && !then) logError('Invoke Error', error);
      const response = toResponse(error);
      const type = String(response.errorType).replace(/[^\x20-\x7e]/g, '?');
      const extra = { 'Content-Type': 'application/json', 'Lambda-Runtime-Function-Error-Type': type };
      finish(`${base}/error`, extra, JSON.stringify(response), then);
    };
    const succeed = (value) => {
      let payload;
      try {
        payload = JSON.stringify(value === undefined ? null : value);
      } catch {
        return fail(new Error('Unable to stringify response body'));
      }
      // A function or a symbol has no JSON.
      return finish(`${base}/response`, { 'Content-Type': 'application/json' }, payload ?? 'null');
    };
    this.#fail = fail;
    try {
      const event = JSON.parse(body.toString('utf8'));
      if (isStreaming(this.#handler))
        this.#stream(event, headers, deadline, base, fail, (done) => {
          if (!open) return;
          open = false;
          this.#fail = undefined;
          this.#client.ref();
          done();
        });
      else this.#buffered(event, headers, deadline, succeed, fail);
    } catch (error) {
      fail(error);
    }
  }

  #buffered(event, headers, deadline, succeed, fail) {
    const wait = { value: true };
    const context = buildContext(headers, deadline, wait);
    const settle = (error, value) => (error === undefined || error === null ? succeed(value) : fail(error));
    const done = (error, value) => settle(error, value);
    const callback = (error, value) => {
      if (wait.value) this.#beforeExit = () => settle(error, value);
      else setImmediate(settle, error, value);
    };
    if (process.env.AWS_EXECUTION_ENV !== 'AWS_Lambda_nodejs24.x') {
      context.done = done;
      context.succeed = (value) => done(null, value);
      context.fail = (error) => done(error ?? 'handled');
    }
    // The event loop ran dry before the handler answered.
    const isAsync = this.#handler.constructor?.name === 'AsyncFunction';
    this.#beforeExit = () => {
      if (!isAsync) return succeed(null);
      return fail(
        runtimeError(
          'NodeJsExit',
          'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
        ),
        () => process.exit(13),
      );
    };
    const result = this.#handler(event, context, callback);
    if (typeof result?.then === 'function') result.then(succeed, fail);
  }

  #stream(event, headers, deadline, base, fail, finish) {
    const context = buildContext(headers, deadline, { value: false });
    const stream = new ResponseStream(
      this.#client,
      `${base}/response`,
      () => this.#headers(),
      () => {},
    );
    stream.on('finish', () => finish(() => this.#client.get(NEXT, (...answer) => this.#invoke(...answer))));
    stream.on('error', () => {});
    const result = this.#handler(event, stream, context);
    if (typeof result?.then !== 'function')
      throw runtimeError('MalformedStreamingHandler', 'Streaming does not support non-async handlers.');
    result.then(
      () => {
        if (!stream.writableEnded) stream.end();
      },
      (error) => {
        if (!stream.started) return fail(error);
        logError('Invoke Error', error);
        // Half a response is out: the connection's end tells the client.
        return process.exit(1);
      },
    );
  }
}

module.exports = { InvocationLoop };
