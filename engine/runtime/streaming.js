'use strict';
const { Writable } = require('node:stream');

// awslambda.streamifyResponse: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';

class ResponseStream extends Writable {
  #client;
  #path;
  #headers;
  #type = 'application/octet-stream';
  #out;
  #answered;

  constructor(client, path, headers, answered) {
    super({ highWaterMark: 64 * 1024 });
    this.#client = client;
    this.#path = path;
    this.#headers = headers;
    this.#answered = answered;
  }

  setContentType(type) {
    if (this.#out)
      throw Object.assign(new Error('Cannot set content-type, too late.'), {
        name: 'Runtime.InvalidStreamingOperation',
      });
    this.#type = type;
  }

  get started() {
    return this.#out !== undefined;
  }

  #open() {
    this.#out ??= this.#client.stream(
      this.#path,
      {
        ...this.#headers(),
        'Content-Type': this.#type,
        'Lambda-Runtime-Function-Response-Mode': 'streaming',
      },
      (...answer) => this.#answered(...answer),
    );
    return this.#out;
  }

  _write(chunk, encoding, done) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
    this.#open().write(bytes, () => done());
  }

  _final(done) {
    this.#open().end(() => done());
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
