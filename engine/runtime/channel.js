'use strict';
const net = require('node:net');

// The Runtime API's messages (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) over a socket the engine
// made for this process, not over HTTP: one write each way is an invocation, and nobody else can take part.
// A frame is the length of what follows (4 bytes), the length of its head (4 bytes), the head (JSON) and the body.

const FD = 4;

class Channel {
  #socket = new net.Socket({ fd: FD });
  #receive;
  #chunks = [];
  #buffered = 0;

  /** `receive` is called with each message's head and body, `lost` when the engine is gone. */
  constructor(receive, lost) {
    this.#receive = receive;
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('error', () => {});
    this.#socket.on('close', lost);
  }

  /** Who gets the messages from now on. */
  receive(receive) {
    this.#receive = receive;
  }

  /** While nothing else keeps the process busy, an idle event loop ends an invocation. */
  unref() {
    this.#socket.unref();
  }

  ref() {
    this.#socket.ref();
  }

  /** `sent` is called once the message is out of this process: it arrives even if the process ends then. */
  send(head, body, sent) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? Buffer.alloc(0));
    const text = Buffer.from(JSON.stringify(head));
    const frame = Buffer.allocUnsafe(8 + text.length + bytes.length);
    frame.writeUInt32BE(4 + text.length + bytes.length, 0);
    frame.writeUInt32BE(text.length, 4);
    frame.set(text, 8);
    frame.set(bytes, 8 + text.length);
    this.#socket.write(frame, sent);
  }

  /** `done` is called once all that was said is out of this process. */
  flush(done) {
    this.#socket.write(Buffer.alloc(0), done);
  }

  #read(chunk) {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    for (;;) {
      if (this.#buffered < 4) return;
      if (this.#chunks[0].length < 4) this.#chunks = [Buffer.concat(this.#chunks)];
      const end = 4 + this.#chunks[0].readUInt32BE(0);
      // Large events come in many chunks: join them once they are all there, not once a chunk.
      if (this.#buffered < end) return;
      const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks, this.#buffered);
      const bodyStart = 8 + all.readUInt32BE(4);
      this.#chunks = [all.subarray(end)];
      this.#buffered -= end;
      this.#receive(JSON.parse(all.toString('utf8', 8, bodyStart)), all.subarray(bodyStart, end));
    }
  }
}

module.exports = { Channel };
