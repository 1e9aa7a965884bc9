'use strict';
const { Writable } = require('node:stream');

// awslambda.streamifyResponse: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';

class ResponseStream extends Writable {
  #channel;
  #started = false;

  constructor(channel) {
    super({ highWaterMark: 64 * 1024 });
    this.#channel = channel;
  }

  setContentType() {
    if (this.#started)
      throw Object.assign(new Error('Cannot set content-type, too late.'), {
        name: 'Runtime.InvalidStreamingOperation',
      });
  }

  get started() {
    return this.#started;
  }

  _write(chunk, encoding, done) {
    this.#started = true;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    this.#channel.send({ kind: 'chunk' }, bytes, () => done());
  }
}

/** The `awslambda` global of the Node runtimes. */
function awslambda() {
  return {
    streamifyResponse: (handler, options) => {
      handler[STREAMING] = 'response';
      if (options?.highWaterMark !== undefined)
        handler[Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')] = Number(
          options.highWaterMark,
        );
      return handler;
    },
    HttpResponseStream: {
      from: (stream, prelude) => {
        stream.setContentType(PRELUDE_TYPE);
        stream.write(JSON.stringify(prelude));
        stream.write(Buffer.alloc(8));
        return stream;
      },
    },
  };
}

const isStreaming = (handler) => handler[STREAMING] === 'response';

module.exports = { ResponseStream, awslambda, isStreaming };
