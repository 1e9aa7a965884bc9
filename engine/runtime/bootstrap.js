'use strict';
const { Channel } = require('./channel');
const { runtimeError, toResponse, logError } = require('./errors');
const { InvocationLoop } = require('./loop');
const { loadHandler } = require('./user-function');
const { confine } = require('./resolution');
const streaming = require('./streaming');
const codeCache = require('./code-cache');
const names = require('./names');
const logs = require('./logs');

// Started by the engine for one execution environment. It may wait here, function unknown, until it is given one.

// What nearly every function loads, loaded while there is time.
for (const module of ['https', 'url', 'stream', 'zlib', 'crypto', 'tls', 'events', 'buffer', 'async_hooks'])
  require(`node:${module}`);

// The engine died: so does what ran for it.
const channel = new Channel(
  (settings) => begin(settings),
  () => process.exit(1),
);

function initError(error) {
  logError('Uncaught Exception', error);
  const response = toResponse(error);
  const head = { kind: 'init-error', logBytes: logs.written(), memory: process.memoryUsage.rss() };
  channel.ref();
  channel.send(head, JSON.stringify(response), () => process.exit(254));
}

async function begin(settings) {
  for (const key of Object.keys(process.env)) delete process.env[key];
  Object.assign(process.env, settings.environment);
  process.chdir(settings.taskRoot);
  process.argv.length = 2;
  logs.patch(process.env);
  names.install(settings);
  confine(settings);
  codeCache.install(settings);
  streaming.install(process.env);
  let loop;
  process.on('uncaughtException', (error) => {
    if (!loop) return initError(error);
    logError('Uncaught Exception', error);
    return loop.crash(error, 129);
  });
  process.on('unhandledRejection', (reason, promise) => {
    const error = Object.assign(runtimeError('UnhandledPromiseRejection', String(reason)), {
      reason,
      promise,
    });
    if (!loop) return initError(error);
    logError('Unhandled Promise Rejection', error);
    return loop.crash(error, 128);
  });
  try {
    const handler = await loadHandler(settings.taskRoot, process.env._HANDLER);
    if (settings.runtime === 'nodejs24.x' && handler.length >= 3 && !streaming.isStreaming(handler)) {
      throw runtimeError(
        'CallbackHandlerDeprecated',
        'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
      );
    }
    loop = new InvocationLoop(channel, handler);
  } catch (error) {
    return initError(error);
  }
  return loop.start();
}
