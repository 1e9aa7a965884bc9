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

/** What `import(` becomes in cached code: as long, so that no position moves. */
const IMPORT = 'lmport';
const HEAD = `(function (exports, require, module, __filename, __dirname, ${IMPORT}) { `;

let save = () => {};

function install({ taskRoot, codeCache }) {
  if (typeof Module.enableCompileCache === 'function') {
    save = () => Module.flushCompileCache?.();
    return;
  }
  const fresh = [];
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename, ...rest) {
    const worthwhile = content.length >= WORTHWHILE && filename.startsWith(taskRoot + path.sep);
    const cacheable = worthwhile ? withoutImports(content) : undefined;
    if (cacheable === undefined) return compile.call(this, content, filename, ...rest);
    // With the file's name: V8 keeps it with the code, and stack traces would show another one.
    const key = `${process.version}\n${filename}\n${content}`;
    const name = createHash('sha256').update(key).digest('hex');
    const file = path.join(codeCache, `${name}.bin`);
    const script = new vm.Script(`${HEAD}${cacheable}\n})`, {
      filename,
      // Positions in the first line are those of the file, not of the wrapper around it.
      columnOffset: -HEAD.length,
      cachedData: read(file),
    });
    if (script.cachedDataRejected !== false) fresh.push({ script, file });
    // Node's own way registers the source map and makes `require` and `import`: it gets just these.
    const map = process.sourceMapsEnabled
      ? (/\n\/\/# sourceMappingURL=\S+\s*$/.exec(content)?.[0] ?? '')
      : '';
    let own;
    const capture = '__tierkit_own__';
    globalThis[capture] = (...found) => {
      own = found;
    };
    compile.call(this, `globalThis.${capture}(require, (name) => import(name));${map}`, filename, ...rest);
    delete globalThis[capture];
    const [require, load] = own;
    return script
      .runInThisContext()
      .call(this.exports, this.exports, require, this, filename, path.dirname(filename), load);
  };
  // After the first invocation, so that what it compiled on its way is kept too.
  save = () => {
    for (const { script, file } of fresh.splice(0)) write(file, script.createCachedData());
  };
}

/**
 * Node 20 does not know whose `import()` it is that code from a cache calls, and refuses it: a function of the
 * module's own takes its place. Undefined where it is not plain to see which `import` is one.
 */
function withoutImports(content) {
  if (content.includes(IMPORT)) return undefined;
  const replaced = content.replace(/(?<![\w$.#])import\((?=(["'])[^"'`\\\n]+\1\))/g, `${IMPORT}(`);
  const left = /(?:(?<![\w$.#])|\.\.)import\s*(?:\(|\/[*/])/.test(replaced);
  return left ? undefined : replaced;
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
