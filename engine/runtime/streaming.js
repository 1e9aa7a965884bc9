'use strict';
const { Writable } = require('node:stream');
const { runtimeError } = require('./errors');

// awslambda.streamifyResponse: https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';

/** A handler's second argument. What is written goes to the engine piece by piece, as fast as it is taken there. */
class ResponseStream extends Writable {
  #channel;
  #written = false;
  /** Bytes are out: there is no other answer any more. */
  begun = false;
  /** Why the response ends early. */
  failure;
  /** HttpResponseStream's hook, by the name it has in Lambda's runtime. `end` with a chunk does not pass it, as there. */
  _onBeforeFirstWrite;

  constructor(channel, highWaterMark) {
    super({ decodeStrings: true, ...(highWaterMark === undefined ? {} : { highWaterMark }) });
    this.#channel = channel;
    // Who destroys it knows why.
    this.on('error', () => {});
  }

  setContentType() {
    if (this.#written) throw runtimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
  }

  write(chunk, encoding, done) {
    const data = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk);
    if (!this.#written) this._onBeforeFirstWrite?.((first) => super.write(first));
    const more = super.write(data, encoding, done);
    this.#written = true;
    return more;
  }

  /** Ends the response with an error, unless it has ended already. */
  fail(error) {
    if (this.writableEnded || this.destroyed) return;
    this.failure = error;
    this.end();
  }

  _write(chunk, _encoding, done) {
    if (chunk.length === 0) return done();
    this.begun = true;
    return this.#channel.send({ kind: 'chunk' }, chunk, () => done());
  }
}

/** What an HTTP integration reads before the body: JSON, and eight zeros behind it. */
const HttpResponseStream = {
  from(stream, prelude) {
    stream.setContentType(PRELUDE_TYPE);
    const head = JSON.stringify(prelude);
    stream._onBeforeFirstWrite = (write) => {
      write(head);
      write(new Uint8Array(8));
    };
    return stream;
  },
};

/** Adds the `awslambda` global of the Node runtimes. */
function install(environment) {
  if (/^(1|true)$/.test(environment.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA ?? '')) return;
  global.awslambda = {
    ...global.awslambda,
    streamifyResponse: (handler, options) => {
      handler[STREAMING] = 'response';
      if (typeof options?.highWaterMark === 'number')
        handler[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
      return handler;
    },
    HttpResponseStream,
  };
}

const isStreaming = (handler) => handler[STREAMING] === 'response';
const newStream = (channel, handler) => new ResponseStream(channel, handler[HIGH_WATER_MARK]);

module.exports = { install, isStreaming, newStream };
