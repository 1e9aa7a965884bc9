import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Host } from '../kernel';

const OFFER_LIFE = 600_000;

/** Where offered code is answered, at the engine's own port: whoever reaches the engine reaches it. */
export const CODE_PATH = '/_tierkit/code/';

/** Code for download, at the links GetFunction gives: a secret in each path. */
export class CodeOffers {
  /** Files by the secret in their URL. */
  readonly #offers = new Map<string, string>();

  /** Offers a file for as long as GetFunction's links hold on AWS: ten minutes. */
  offer(file: string, host: Host): string {
    const secret = host.ids.hex(32);
    this.#offers.set(secret, file);
    host.clock.after(OFFER_LIFE, () => this.#offers.delete(secret));
    return `${CODE_PATH}${secret}/code.zip`;
  }

  download(secret: string, response: ServerResponse): void {
    const file = this.#offers.get(secret);
    if (file === undefined) {
      response.writeHead(403, { 'Content-Length': 0 }).end();
      return;
    }
    const stream = createReadStream(file);
    stream.once('open', () => response.writeHead(200, { 'Content-Type': 'application/zip' }));
    pipeline(stream, response, (error) => {
      if (error && !response.headersSent) response.writeHead(404).end();
    });
  }
}
