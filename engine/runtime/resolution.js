'use strict';
const Module = require('node:module');
const path = require('node:path');

/**
 * What a function may load: its own code, its layers and the SDK, as on Lambda. Left alone, Node would walk up
 * from the task folder and find packages of the machine that the deployed function does not have.
 */
function confine({ taskRoot, optRoot, sdkRoot }) {
  const layers = [path.join(optRoot, 'nodejs', 'node_modules')];
  const major = Number(process.versions.node.split('.')[0]);
  layers.unshift(path.join(optRoot, 'nodejs', `node${major}`, 'node_modules'));
  const shared = [...layers, ...(sdkRoot ? [sdkRoot] : []), taskRoot];
  // The same order as Lambda's NODE_PATH: /opt/nodejs/nodeNN/node_modules:/opt/nodejs/node_modules:/var/runtime/...
  process.env.NODE_PATH = shared.join(path.delimiter);
  Module._initPaths();
  Module.globalPaths = shared;
  const inside = (folder) => folder === taskRoot || folder.startsWith(taskRoot + path.sep);
  const insideLayer = (folder) => folder.startsWith(optRoot + path.sep);
  const original = Module._nodeModulePaths;
  Module._nodeModulePaths = (from) => {
    const all = original.call(Module, from);
    if (inside(from)) return all.filter((folder) => inside(folder));
    if (insideLayer(from)) return all.filter((folder) => insideLayer(folder));
    return all;
  };
}

module.exports = { confine };
