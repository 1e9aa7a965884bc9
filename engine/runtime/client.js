'use strict';
const net = require('node:net');

// The Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) over one keep-alive socket.
// Spoken by hand: node:http costs milliseconds at start and a tenth of one per invocation.

class RuntimeClient {
  #socket;
  #base;
  #host;
  #waiting = [];
  #chunks = [];
  #buffered = 0;
  #needed = 0;
  #head = undefined;

  /** `api` is host:port/secret; `lost` is called when the engine is gone. */
  constructor(api, lost) {
    const slash = api.indexOf('/');
    this.#host = api.slice(0, slash);
    this.#base = api.slice(slash);
    const [host, port] = this.#host.split(':');
    this.#socket = net.connect({ host, port: Number(port), noDelay: true });
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('error', () => {});
    this.#socket.on('close', lost);
  }

  /** While nothing else keeps the process busy, an idle event loop ends an invocation. */
  unref() {
    this.#socket.unref();
  }

  ref() {
    this.#socket.ref();
  }

  get(path, done) {
    this.#waiting.push(done);
    this.#socket.write(`GET ${this.#base}${path} HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`);
  }

  /** Sends `body` and, in the same packet, asks `next` if there is one to ask. */
  post(path, headers, body, done, next) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    let head = `POST ${this.#base}${path} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Length: ${bytes.length}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    this.#waiting.push(done);
    this.#socket.cork();
    this.#socket.write(`${head}\r\n`);
    this.#socket.write(bytes);
    if (next) this.get(next.path, next.done);
    this.#socket.uncork();
  }

  /** A body whose length is not known yet; returns { write, end }. */
  stream(path, headers, done) {
    let head = `POST ${this.#base}${path} HTTP/1.1\r\nHost: ${this.#host}\r\nTransfer-Encoding: chunked\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    this.#waiting.push(done);
    this.#socket.write(`${head}\r\n`);
    return {
      write: (bytes, written) => {
        if (bytes.length === 0) return written();
        this.#socket.cork();
        this.#socket.write(`${bytes.length.toString(16)}\r\n`);
        this.#socket.write(bytes);
        this.#socket.write('\r\n', written);
        this.#socket.uncork();
      },
      end: (ended) => this.#socket.write('0\r\n\r\n', ended),
    };
  }

  #read(chunk) {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    // Large events come in many chunks: join them once they are all there, not once a chunk.
    while (this.#buffered > 0 && this.#buffered >= this.#needed) {
      const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks, this.#buffered);
      this.#chunks = [all];
      if (!this.#head) {
        const end = all.indexOf('\r\n\r\n');
        if (end < 0) return;
        this.#head = parseHead(all.toString('latin1', 0, end), end + 4);
        this.#needed = this.#head.bodyStart + this.#head.length;
        if (this.#buffered < this.#needed) return;
      }
      const head = this.#head;
      const body = all.subarray(head.bodyStart, this.#needed);
      const rest = all.subarray(this.#needed);
      this.#chunks = rest.length ? [rest] : [];
      this.#buffered = rest.length;
      this.#head = undefined;
      this.#needed = 0;
      this.#waiting.shift()(head.status, head.headers, body);
    }
  }
}

function parseHead(text, bodyStart) {
  const lines = text.split('\r\n');
  const headers = {};
  for (let i = 1; i < lines.length; i++) {
    const colon = lines[i].indexOf(':');
    headers[lines[i].slice(0, colon).toLowerCase()] = lines[i].slice(colon + 1).trim();
  }
  return {
    status: Number(lines[0].slice(9, 12)),
    headers,
    bodyStart,
    length: Number(headers['content-length'] ?? 0),
  };
}

module.exports = { RuntimeClient };
