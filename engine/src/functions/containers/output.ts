/** Bytes before a piece of output: which stream (1), nothing (3), the length (4). */
const HEAD = 8;

/**
 * Takes a container's output apart into lines.
 * https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 */
export class Output {
  #pending: Buffer = Buffer.alloc(0);
  readonly #unfinished = new Map<number, Buffer>();
  /** Bytes so far. */
  bytes = 0;

  constructor(readonly line: (text: string) => void) {}

  read(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    while (this.#pending.length >= HEAD) {
      const end = HEAD + this.#pending.readUInt32BE(4);
      if (this.#pending.length < end) return;
      this.#text(this.#pending[0] ?? 1, this.#pending.subarray(HEAD, end));
      this.#pending = this.#pending.subarray(end);
    }
  }

  /** No more comes for now: what has no end of line is a line as well. */
  flush(): void {
    for (const [stream, rest] of this.#unfinished) {
      this.#unfinished.delete(stream);
      this.#emit(rest);
    }
  }

  #text(stream: number, bytes: Buffer): void {
    const before = this.#unfinished.get(stream);
    let rest = before ? Buffer.concat([before, bytes]) : bytes;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      this.#emit(rest.subarray(0, end + 1));
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) this.#unfinished.set(stream, rest);
    else this.#unfinished.delete(stream);
  }

  /** Lambda's runtimes write a message of several lines with carriage returns where they can only print. */
  #emit(bytes: Buffer): void {
    this.line(bytes.toString('utf8').replaceAll('\r\n', '\n').replaceAll('\r', '\n'));
  }
}
