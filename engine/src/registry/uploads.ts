import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Layers on their way: counted, checked, and let go. */
export class Uploads {
  readonly #open = new Map<string, { hash: Hash; size: number }>();
  /** Sizes of what came, by repository and digest: asked for again before the manifest comes. */
  readonly #done = new Map<string, number>();

  start(id: string): string {
    this.#open.set(id, { hash: createHash('sha256'), size: 0 });
    return id;
  }

  has(id: string): boolean {
    return this.#open.has(id);
  }

  /** Takes a piece in. Gives the size so far. */
  async receive(id: string, body: IncomingMessage): Promise<number> {
    const upload = this.#open.get(id);
    for await (const chunk of body) {
      if (!upload) continue;
      upload.hash.update(chunk as Buffer);
      upload.size += (chunk as Buffer).length;
    }
    return upload?.size ?? 0;
  }

  /** False where it is not what it was said to be. */
  finish(id: string, repository: string, digest: string): boolean {
    const upload = this.#open.get(id);
    this.#open.delete(id);
    if (!upload || digest !== `sha256:${upload.hash.digest('hex')}`) return false;
    // Bounded: those of a push that is over are not asked for any more.
    if (this.#done.size > 10_000) this.#done.clear();
    this.#done.set(`${repository}@${digest}`, upload.size);
    return true;
  }

  sizeOf(repository: string, digest: string): number | undefined {
    return this.#done.get(`${repository}@${digest}`);
  }
}
