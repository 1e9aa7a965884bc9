'use strict';
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const names = require('./names');

// Loaded by Node in containers before a function: names of AWS lead to the engine there as well.

const own = `--require ${path.join(__dirname, 'container-preload.js')}`;
const rest = (process.env.NODE_OPTIONS ?? '').replace(own, '').trim();
// The function finds its environment as Lambda would have given it.
if (rest) process.env.NODE_OPTIONS = rest;
else delete process.env.NODE_OPTIONS;

// The engine died: so does what ran for it. (Lambda's own runtime would try for ever to tell somebody.)
const { AWS_LAMBDA_RUNTIME_API = '' } = process.env;
const [, host, port] = /^(.*):(\d+)$/.exec(AWS_LAMBDA_RUNTIME_API) ?? [];
if (port) {
  const engine = net.connect({ host, port: Number(port) });
  engine.on('error', () => {});
  engine.on('close', () => process.exit(1));
  engine.unref();
}

names.install(JSON.parse(fs.readFileSync(path.join(__dirname, 'settings.json'), 'utf8')));
