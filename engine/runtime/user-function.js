'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { createRequire } = require('node:module');
const { runtimeError } = require('./errors');

// Finds the handler as Lambda's Node runtime does.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html

/** True where the nearest package.json up to the task's root says that .js files are ES modules. */
function isModuleScope(file, taskRoot) {
  for (let folder = path.dirname(file); folder.startsWith(taskRoot); folder = path.dirname(folder)) {
    try {
      return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).type === 'module';
    } catch (error) {
      if (error.code !== 'ENOENT') return false;
    }
  }
  return false;
}

async function loadModule(taskRoot, modulePath) {
  const base = path.resolve(taskRoot, modulePath);
  const has = (extension) => fs.statSync(base + extension, { throwIfNoEntry: false })?.isFile();
  const taskRequire = createRequire(path.join(taskRoot, 'index.js'));
  if (has('')) return taskRequire(base);
  const esm = isModuleScope(`${base}.js`, taskRoot);
  if (!esm && has('.js')) return taskRequire(`${base}.js`);
  if (esm && has('.js')) return import(pathToFileURL(`${base}.js`).href);
  if (has('.mjs')) return import(pathToFileURL(`${base}.mjs`).href);
  if (has('.cjs')) return taskRequire(`${base}.cjs`);
  // A package or a folder with an index file. Named like this, as the runtime's error message says it.
  return taskRequire(
    taskRequire.resolve(modulePath.includes('/') ? `./${modulePath}` : modulePath, { paths: [taskRoot] }),
  );
}

async function loadHandler(taskRoot, handlerString) {
  if (handlerString.includes('..')) {
    throw runtimeError(
      'MalformedHandlerName',
      `'${handlerString}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const name = path.basename(handlerString);
  const root = handlerString.slice(0, handlerString.length - name.length);
  const match = /^([^.]*)\.(.*)$/.exec(name);
  if (!match) throw runtimeError('MalformedHandlerName', 'Bad handler');
  let loaded;
  try {
    loaded = await loadModule(taskRoot, root + match[1]);
  } catch (error) {
    if (error instanceof SyntaxError) throw runtimeError('UserCodeSyntaxError', error);
    if (error && error.code === 'MODULE_NOT_FOUND') throw runtimeError('ImportModuleError', error);
    throw error;
  }
  let handler = match[2].split('.').reduce((object, key) => object?.[key], loaded);
  // import() of a CommonJS file puts its exports under `default`.
  handler ??= match[2].split('.').reduce((object, key) => object?.[key], loaded?.default);
  if (!handler) throw runtimeError('HandlerNotFound', `${handlerString} is undefined or not exported`);
  if (typeof handler !== 'function')
    throw runtimeError('HandlerNotFound', `${handlerString} is not a function`);
  return handler;
}

module.exports = { loadHandler };
