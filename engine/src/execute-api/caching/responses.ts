import type { ApiResponse } from '../exchange';

interface Entry {
  response: ApiResponse;
  until: number;
  bytes: number;
  /** Which lookup the response answers: an older one never takes the place of a younger one's. */
  asked: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html */
export const MAX_RESPONSE_BYTES = 1_048_576;

/** What an entry takes beside its texts and bytes, about. */
const OVERHEAD = 256;

/** Responses by their keys, within a number of bytes: what was not asked for longest goes first. */
export class ResponseCache {
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #asked = 0;

  constructor(readonly capacity: number) {}

  get(key: string, millis: number): ApiResponse | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (entry.until <= millis) {
      this.#bytes -= entry.bytes;
      return undefined;
    }
    this.#entries.set(key, entry);
    return entry.response;
  }

  /** A place in the order of questions, for the response that is to come. */
  ask(): number {
    this.#asked += 1;
    return this.#asked;
  }

  put(key: string, response: ApiResponse, until: number, asked: number): void {
    if (response.body.length > MAX_RESPONSE_BYTES) {
      // Too large to be kept: it is newer than what is there all the same.
      this.#remove(key, asked);
      return;
    }
    if (!this.#remove(key, asked)) return;
    const bytes = sizeOf(key, response);
    this.#entries.set(key, { response, until, bytes, asked });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.capacity) return;
      this.#entries.delete(oldest);
      this.#bytes -= entry.bytes;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** False where a younger response is there. */
  #remove(key: string, asked: number): boolean {
    const entry = this.#entries.get(key);
    if (!entry) return true;
    if (entry.asked > asked) return false;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    return true;
  }
}

function sizeOf(key: string, { body, headers }: ApiResponse): number {
  let bytes = OVERHEAD + key.length * 2 + body.length;
  for (const [name, value] of headers.entries) bytes += name.length + value.length;
  return bytes;
}
