'use strict';
const fs = require('node:fs');
const { format } = require('node:util');

// Log lines leave through a pipe of their own, each in a frame, so that one of many lines stays one event and
// nothing is lost when the process dies right after: length (4 bytes), milliseconds (8 bytes), text.
// Format: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html

const FD = 3;
const LEVELS = { TRACE: 1, DEBUG: 2, INFO: 3, WARN: 4, ERROR: 5, FATAL: 6 };
let sent = 0;
let requestId;

/** Bytes written so far: the engine waits for as many before it takes an invocation's log for complete. */
const written = () => sent;

const setRequestId = (id) => {
  requestId = id;
};

/** What CloudWatch Logs takes as one event. */
const MAX_BYTES = 1_048_576 - 26;

function frame(text) {
  const size = Math.min(Buffer.byteLength(text), MAX_BYTES);
  const buffer = Buffer.alloc(12 + size);
  buffer.writeUInt32BE(size, 0);
  buffer.writeDoubleBE(Date.now(), 4);
  buffer.write(text, 12, size);
  let offset = 0;
  while (offset < buffer.length) {
    try {
      offset += fs.writeSync(FD, buffer, offset);
    } catch (error) {
      if (error.code !== 'EAGAIN') return;
    }
  }
  sent += buffer.length;
}

function textLine(level, args) {
  return `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...args)}\n`;
}

const describe = (error) => ({
  errorType: error?.constructor?.name ?? 'UnknownError',
  errorMessage: error.message,
  stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
});

function jsonLine(level, args) {
  const line = { timestamp: new Date().toISOString(), level, requestId };
  if (args.length === 1) {
    line.message = args[0];
    try {
      return `${JSON.stringify(line, (_key, value) =>
        value instanceof Error ? { ...describe(value), ...value } : value,
      )}\n`;
    } catch {
      line.message = format(args[0]);
      return `${JSON.stringify(line)}\n`;
    }
  }
  line.message = format(...args);
  const error = args.find((arg) => arg instanceof Error);
  return `${JSON.stringify(error ? { ...line, ...describe(error) } : line)}\n`;
}

/** Makes console and the standard streams write as they do on Lambda. */
function patch(environment) {
  const json = environment.AWS_LAMBDA_LOG_FORMAT === 'JSON';
  const least = json ? (LEVELS[environment.AWS_LAMBDA_LOG_LEVEL] ?? LEVELS.INFO) : 0;
  const line = json ? jsonLine : textLine;
  const at =
    (level) =>
    (...args) => {
      if (LEVELS[level] >= least) frame(line(level, args));
    };
  console.log = at('INFO');
  console.info = at('INFO');
  console.debug = at('DEBUG');
  console.warn = at('WARN');
  console.error = at('ERROR');
  console.trace = at('TRACE');
  console.fatal = at('FATAL');
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = raw(stream);
  }
}

/** Lines written to a standard stream are an event each. */
function raw() {
  let rest = '';
  return (chunk, encoding, done) => {
    const text = rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const lines = text.split('\n');
    rest = lines.pop();
    for (const each of lines) frame(`${each}\n`);
    if (rest) {
      frame(rest);
      rest = '';
    }
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback) process.nextTick(callback);
    return true;
  };
}

module.exports = { patch, written, setRequestId };
