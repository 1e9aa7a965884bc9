import { createSocket, type Socket } from 'node:dgram';
import type { Host } from '../kernel';
import { type SegmentDelivery, type Sender, segmentDelivery } from '../observe/tracing';
import type { FunctionSpec } from './functions';

/** Datagrams wait here while the engine is busy. */
const BUFFER = 1 << 20;

/** A mark is lost where more came than the system keeps: nobody waits for it longer than these milliseconds. */
const PATIENCE = 1000;

const HEADER = /^\{\s*"format"\s*:\s*"json"\s*,\s*"version"\s*:\s*1\s*\}\s*\n/;

/**
 * X-Ray's daemon as functions find it beside them: segments come as datagrams, and go to X-Ray as the function's role.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon
 */
class XRayDaemon {
  readonly #socket: Socket;
  readonly #mark: string;
  readonly #waiting: (() => void)[] = [];
  readonly address: Promise<string>;

  constructor(
    readonly host: Host,
    public sender: Sender,
  ) {
    this.#mark = host.ids.hex(32);
    this.#socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER });
    this.#socket.on('message', (datagram) => this.#read(datagram.toString('utf8')));
    this.address = new Promise((resolve, reject) => {
      this.#socket.once('error', reject);
      this.#socket.bind({ port: 0, address: '127.0.0.1', exclusive: true }, () => {
        this.#socket.off('error', reject);
        // A datagram that cannot be read is lost, as anywhere.
        this.#socket.on('error', () => {});
        this.#socket.unref();
        resolve(`127.0.0.1:${this.#socket.address().port}`);
      });
    });
  }

  #read(datagram: string): void {
    if (datagram === this.#mark) {
      for (const done of this.#waiting.splice(0)) done();
      return;
    }
    const header = HEADER.exec(datagram)?.[0];
    if (header !== undefined) segmentDelivery(this.host).addText(this.sender, datagram.slice(header.length));
  }

  /** Resolves when all is read that was sent until now: what is sent last is read last. */
  readonly arrived = async (): Promise<void> => {
    await this.address;
    await new Promise<void>((resolve) => {
      const cancel = this.host.clock.after(PATIENCE, resolve);
      const done = () => {
        cancel();
        resolve();
      };
      this.#waiting.push(done);
      this.#socket.send(this.#mark, this.#socket.address().port, '127.0.0.1', (error) => {
        if (error) done();
      });
    });
  };

  close(): void {
    for (const done of this.#waiting.splice(0)) done();
    this.#socket.close();
  }
}

/** A daemon a function version: that is how it is known who sends. */
export class XRayDaemons {
  readonly #daemons = new Map<string, XRayDaemon>();
  readonly #delivery: SegmentDelivery;

  constructor(readonly host: Host) {
    // What is delivered later belongs to no call: whoever asks for the delivery next gets this one.
    this.#delivery = segmentDelivery(host);
  }

  addressFor(spec: FunctionSpec): Promise<string> {
    const { account, arn, region, role } = spec;
    // Lambda sends from its own network, wherever the function is.
    const { origin: _network, ...as } = role;
    const sender = { account, region, as };
    let daemon = this.#daemons.get(arn);
    if (daemon) {
      daemon.sender = sender;
    } else {
      daemon = new XRayDaemon(this.host, sender);
      this.#daemons.set(arn, daemon);
      this.#delivery.sources.add(daemon.arrived);
    }
    return daemon.address;
  }

  close(arn: string): void {
    const daemon = this.#daemons.get(arn);
    if (!daemon) return;
    this.#daemons.delete(arn);
    this.#delivery.sources.delete(daemon.arrived);
    daemon.close();
  }

  closeAll(): void {
    for (const arn of [...this.#daemons.keys()]) this.close(arn);
  }
}
