'use strict';
const { runtimeError, toResponse, logError } = require('./errors');
const { buildContext } = require('./context');
const { isStreaming, newStream } = require('./streaming');
const logs = require('./logs');
const codeCache = require('./code-cache');

// One invocation after another, as Lambda's Node runtime runs them.

class InvocationLoop {
  #channel;
  #handler;
  #beforeExit = () => {};
  /** Ends the running invocation with an error; undefined between invocations. */
  #fail;
  #first = true;

  constructor(channel, handler) {
    this.#channel = channel;
    this.#handler = handler;
    process.on('beforeExit', () => this.#beforeExit());
  }

  start() {
    this.#channel.ref();
    this.#channel.receive((head, body) => this.#invoke(head, body));
    this.#channel.send({ kind: 'next' });
  }

  /** An error nobody caught: the invocation fails with it and the process ends. */
  crash(error, exitCode) {
    if (!this.#fail) return process.exit(exitCode);
    this.#channel.ref();
    return this.#fail(error, () => process.exit(exitCode));
  }

  #usage() {
    return { logBytes: logs.written(), memory: process.memoryUsage.rss() };
  }

  #invoke(head, body) {
    const id = head.requestId;
    const deadline = performance.now() + head.timeout;
    logs.setRequestId(id);
    process.env._X_AMZN_TRACE_ID = head.traceId;
    // From here on only the handler's own work keeps the process alive.
    this.#channel.unref();
    let open = true;
    const finish = (kind, payload, then, more) => {
      if (!open) return;
      open = false;
      this.#beforeExit = () => {};
      this.#fail = undefined;
      this.#channel.ref();
      this.#channel.send({ kind, ...this.#usage(), next: !then, ...more }, payload, then);
      // The answer is on its way; now there is time.
      if (this.#first) setImmediate(codeCache.save);
      this.#first = false;
    };
    const fail = (error, then) => {
      if (open && !then) logError('Invoke Error', error);
      finish('error', JSON.stringify(toResponse(error)), then);
    };
    const succeed = (value) => {
      let payload;
      try {
        payload = JSON.stringify(value === undefined ? null : value);
      } catch {
        return fail(new Error('Unable to stringify response body'));
      }
      // A function or a symbol has no JSON.
      return finish('response', payload ?? 'null');
    };
    this.#fail = fail;
    try {
      const event = JSON.parse(body.toString('utf8'));
      if (isStreaming(this.#handler)) this.#stream(event, head, deadline, finish);
      else this.#buffered(event, head, deadline, succeed, fail);
    } catch (error) {
      fail(error);
    }
  }

  #buffered(event, head, deadline, succeed, fail) {
    const wait = { value: true };
    const context = buildContext(head, deadline, wait);
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

  /** As Lambda's runtime does it: a response ends with its stream, not with its handler, and both have to end. */
  async #stream(event, head, deadline, finish) {
    const stream = newStream(this.#channel, this.#handler);
    // An open response keeps the process alive: a stream that nobody ends runs into the timeout.
    this.#channel.ref();
    this.#fail = (error, then) => {
      if (stream.begun) this.#channel.flush(then);
      else finish('error', JSON.stringify(toResponse(error)), then);
    };
    const closed = new Promise((done) => {
      stream.once('close', () => done(this.#tellEnd(stream, finish)));
    });
    try {
      const result = this.#handler(event, stream, buildContext(head, deadline, { value: false }));
      if (typeof result?.then !== 'function')
        throw new Error('Streaming does not support non-async handlers.');
      if ((await result) !== undefined) console.warn('Streaming handlers ignore return values.');
    } catch (error) {
      await new Promise(setImmediate);
      logError('Invoke Error', error);
      stream.fail(error);
    }
    await closed;
    this.#channel.send({ kind: 'next', logBytes: logs.written() });
  }

  #tellEnd(stream, finish) {
    const how = { streamed: true, next: false };
    if (stream.failure !== undefined) {
      const response = toResponse(stream.failure);
      finish('error', JSON.stringify(response), undefined, { ...how, errorType: response.errorType });
    } else if (stream.writableFinished) finish('response', '', undefined, how);
    else finish('error', '', undefined, { ...how, errorType: 'Runtime.TruncatedResponse' });
  }
}

module.exports = { InvocationLoop };
