import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Ids } from '../kernel/ids';

export interface Blob {
  id: string;
  /** Bytes. */
  size: number;
  /** Hex digest. */
  md5: string;
}

/** Large immutable contents (S3 objects, code archives), a file each, readable by their owner only. */
export interface Blobs {
  /** Stores what `content` yields. `through` sees every chunk first (checksums, limits) and may throw to refuse. */
  write(content: Readable | Uint8Array | string, through?: (chunk: Uint8Array) => void): Promise<Blob>;
  /** Bytes `start` to `end`, both inclusive, as HTTP ranges are. */
  read(id: string, range?: { start: number; end: number }): Readable;
  /** The file that holds the blob. Never write to it. */
  path(id: string): string;
  remove(id: string): Promise<void>;
}

export class FileBlobs implements Blobs {
  /** What this process wrote, until `earlier` is asked. */
  #fresh: Set<string> | undefined = new Set();

  constructor(
    readonly directory: string,
    readonly ids: Ids,
  ) {}

  async write(content: Readable | Uint8Array | string, through?: (chunk: Uint8Array) => void): Promise<Blob> {
    const id = this.ids.hex(32);
    this.#fresh?.add(id);
    const path = this.path(id);
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    const hash = createHash('md5');
    const counter = new Counter(hash, through);
    const source =
      content instanceof Readable ? content : Readable.from([Buffer.from(content)], { objectMode: false });
    try {
      await pipeline(source, counter, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { id, size: counter.size, md5: hash.digest('hex') };
  }

  read(id: string, range?: { start: number; end: number }): Readable {
    return createReadStream(this.path(id), range);
  }

  path(id: string): string {
    // Ids are ours, but they come back out of stored state: never let one leave the folder.
    if (!/^[0-9a-f]{32}$/.test(id)) throw new Error(`not a blob id: ${id}`);
    return join(this.directory, id.slice(0, 2), id);
  }

  /** No need to know what was written from now on. */
  forgetFresh(): void {
    this.#fresh = undefined;
  }

  /** The blobs that are there and were not written by this process; to be asked once. */
  async earlier(): Promise<Set<string>> {
    const found = new Set<string>();
    for (const folder of await readdir(this.directory).catch(() => [])) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for (const id of await readdir(join(this.directory, folder)))
        if (/^[0-9a-f]{32}$/.test(id) && !this.#fresh?.has(id)) found.add(id);
    }
    this.forgetFresh();
    return found;
  }

  async remove(id: string): Promise<void> {
    await rm(this.path(id), { force: true });
  }
}

class Counter extends Transform {
  size = 0;

  constructor(
    readonly hash: Hash,
    readonly through?: (chunk: Uint8Array) => void,
  ) {
    super();
  }

  override _transform(
    chunk: Buffer,
    _encoding: string,
    done: (error?: Error | null, data?: Buffer) => void,
  ): void {
    try {
      this.size += chunk.length;
      this.hash.update(chunk);
      this.through?.(chunk);
      done(null, chunk);
    } catch (error) {
      done(error as Error);
    }
  }
}
