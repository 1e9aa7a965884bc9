'use strict';
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

// V8's compiled form of a function's code, kept between environments: most of a cold start is compiling.
// Node 22 has this built in (NODE_COMPILE_CACHE); it only needs to be told to write, as environments are killed.

/** Smaller files compile faster than a cache is read. */
const WORTHWHILE = 16 * 1024;

let save = () => {};

function install({ taskRoot, codeCache }) {
  if (typeof Module.enableCompileCache === 'function') {
    save = () => Module.flushCompileCache?.();
    return;
  }
  if (!vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER) return;
  const fresh = [];
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename, ...rest) {
    if (content.length < WORTHWHILE || !filename.startsWith(taskRoot + path.sep)) {
      return compile.call(this, content, filename, ...rest);
    }
    // With the file's name: V8 keeps it with the code, and stack traces would show another one.
    const key = `${process.version}\n${filename}\n${content}`;
    const name = createHash('sha256').update(key).digest('hex');
    const file = path.join(codeCache, `${name}.bin`);
    const [head] = Module.wrapper;
    const script = new vm.Script(Module.wrap(content), {
      filename,
      // Positions in the first line are those of the file, not of the wrapper around it.
      columnOffset: -head.length,
      cachedData: read(file),
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    if (script.cachedDataRejected !== false) fresh.push({ script, file });
    // Node's own way registers the source map and makes `require`: it gets just these.
    const map = process.sourceMapsEnabled
      ? (/\n\/\/# sourceMappingURL=\S+\s*$/.exec(content)?.[0] ?? '')
      : '';
    let require;
    const capture = '__tierkit_require__';
    globalThis[capture] = (own) => {
      require = own;
    };
    compile.call(this, `globalThis.${capture}(require);${map}`, filename, ...rest);
    delete globalThis[capture];
    return script
      .runInThisContext()
      .call(this.exports, this.exports, require, this, filename, path.dirname(filename));
  };
  // After the first invocation, so that what it compiled on its way is kept too.
  save = () => {
    for (const { script, file } of fresh.splice(0)) write(file, script.createCachedData());
  };
}

function read(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Whole or not at all: other environments read the same folder. */
function write(file, data) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const unfinished = `${file}.${process.pid}`;
    fs.writeFileSync(unfinished, data, { mode: 0o600 });
    fs.renameSync(unfinished, file);
  } catch {
    // A cache that cannot be written is no reason to fail.
  }
}

module.exports = { install, save: () => save() };
