'use strict';
const fs = require('node:fs');
const net = require('node:net');
const dns = require('node:dns');

// Names of AWS lead to the engine, whatever client the function uses: nothing may reach the real AWS.

const AWS_NAME =
  /(^|\.)(amazonaws\.com(\.cn)?|api\.aws|on\.aws|aws\.amazon\.com|cloudfront\.net|amazoncognito\.com|awsglobalaccelerator\.com|elasticbeanstalk\.com|amplifyapp\.com)\.?$/i;
// A function on Lambda has no instance metadata; on a developer's machine in the cloud it must not find the machine's.
const METADATA = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  'fd00:ec2::23',
]);

let enginePort;
let engineHost = '127.0.0.1';

/** What a file of the engine's says, read again when it was written anew. */
function table(file) {
  let known = new Map();
  let mtime = -1;
  return () => {
    if (!file) return known;
    const stat = fs.statSync(file, { throwIfNoEntry: false, bigint: true });
    if (!stat || stat.mtimeNs === mtime) return known;
    const read = new Map();
    const add = (host, port, target) => read.set(`${host.toLowerCase()}:${port}`, target);
    const json = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (Array.isArray(json)) for (const entry of json) add(entry.host, entry.port, entry.target);
    else for (const [key, target] of Object.entries(json)) read.set(key.toLowerCase(), target);
    mtime = stat.mtimeNs;
    known = read;
    return known;
  };
}

/** `host:port` to `{ host, port }`. */
let names = table();
/** Of the VPC that the function is in: names of its endpoints to `{ port }`, without one where nothing gets through. */
let vpcNames = table();

// Names of database servers: what such a name does not lead to is down, and no service answers in its place.
const SERVER_NAME = /\.(cache|rds)\.amazonaws\.com(\.cn)?$/;

// Names of interface endpoints of API Gateway, and of private APIs with one: addresses of a VPC, wherever they are asked for.
const ENDPOINT_NAME = /(^|-)vpce-[0-9a-f]+(-[^.]+)?\.execute-api\.[^.]+(\.vpce)?\.amazonaws\.com$/;
const API_NAME = /\.execute-api\.[^.]+(\.vpce)?\.amazonaws\.com$/;

/** Where the VPC's own DNS leads an API's name; undefined where it does not know it. */
function routeInVpc(name, port) {
  if (!API_NAME.test(name)) return undefined;
  const known = vpcNames();
  const found =
    known.get(name) ??
    known.get(name.replace(/^[^.]*(?=-vpce-)/, '*')) ??
    known.get(name.replace(/^[^.]+/, '*'));
  if (found?.port && port === 443) return { host: engineHost, port: found.port };
  if (!found && !ENDPOINT_NAME.test(name)) return undefined;
  return { error: ['ETIMEDOUT', `connect ETIMEDOUT ${name}:${port}`, 'connect'] };
}

const isAwsName = (host) => AWS_NAME.test(host);

/** Where to connect instead; undefined leaves the connection alone. */
function route(host, port) {
  if (METADATA.has(host))
    return { error: ['ECONNREFUSED', `connect ECONNREFUSED ${host}:${port}`, 'connect'] };
  const name = host.toLowerCase().replace(/\.$/, '');
  const target = names().get(`${name}:${port}`);
  if (target) return target;
  if (!isAwsName(name)) return undefined;
  const within = routeInVpc(name, port);
  if (within) return within;
  if (SERVER_NAME.test(name))
    return { error: ['ECONNREFUSED', `connect ECONNREFUSED ${host}:${port}`, 'connect'] };
  if (port === 443 || port === 80) return { host: engineHost, port: enginePort };
  // As for an instance that does not exist: its name is not in the DNS.
  return { error: ['ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`, 'getaddrinfo'] };
}

function failure([code, message, syscall], host, port) {
  return Object.assign(new Error(message), { code, syscall, hostname: host, address: host, port });
}

function patchConnect() {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    // Node hands over [options, callback] in an array where its own functions call this one.
    const [first, second] = Array.isArray(args[0]) ? args[0] : args;
    const options =
      typeof first === 'object' && first !== null
        ? first
        : { port: first, host: typeof second === 'string' ? second : undefined };
    const isName =
      options.host && !options.path && (net.isIP(options.host) === 0 || METADATA.has(options.host));
    if (!isName) return connect.apply(this, args);
    const target = route(String(options.host), Number(options.port));
    if (!target) return connect.apply(this, args);
    if (target.error) {
      process.nextTick(() => this.destroy(failure(target.error, options.host, options.port)));
      return this;
    }
    const callback = (Array.isArray(args[0]) ? args[0] : args).find((arg) => typeof arg === 'function');
    // A copy: the caller's object also names its connection pool.
    const moved = { ...options, host: target.host, port: target.port, lookup: undefined };
    return callback ? connect.call(this, moved, callback) : connect.call(this, moved);
  };
}

function known(host) {
  const name = String(host).toLowerCase().replace(/\.$/, '');
  if (isAwsName(name)) return true;
  for (const key of names().keys()) if (key.startsWith(`${name}:`)) return true;
  return false;
}

const LOOPBACK = { address: '127.0.0.1', family: 4 };

function patchLookup() {
  const { lookup } = dns;
  dns.lookup = (host, options, callback) => {
    const done = typeof options === 'function' ? options : callback;
    if (!known(host)) return lookup(host, options, callback);
    if (options?.all) return process.nextTick(done, null, [LOOPBACK]);
    return process.nextTick(done, null, LOOPBACK.address, LOOPBACK.family);
  };
  const promised = dns.promises.lookup;
  dns.promises.lookup = async (host, options) => {
    if (!known(host)) return promised(host, options);
    return options?.all ? [LOOPBACK] : { ...LOOPBACK };
  };
  for (const owner of [dns, dns.Resolver.prototype]) {
    const { resolve4 } = owner;
    owner.resolve4 = function (host, ...rest) {
      if (!known(host)) return resolve4.call(this, host, ...rest);
      const done = rest.at(-1);
      return process.nextTick(done, null, [LOOPBACK.address]);
    };
  }
}

function install(options) {
  names = table(options.namesFile);
  vpcNames = table(options.vpcNamesFile);
  enginePort = options.enginePort;
  engineHost = options.engineHost ?? engineHost;
  patchConnect();
  patchLookup();
}

module.exports = { install };
