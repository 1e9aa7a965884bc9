import { sha256 } from './canonical';
import type { Claim } from './claim';
import { sign } from './keys';

const EMPTY = sha256('');

/**
 * The signatures of a body that comes in chunks: each signs its bytes and the signature before it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html#sigv4-chunked-body-definition
 */
export class ChunkSignatures {
  #before: string;

  constructor(
    readonly secret: string,
    readonly claim: Claim,
  ) {
    this.#before = claim.signature;
  }

  /** Whether `signature` is the next chunk's, whose bytes have this digest. */
  chunk(signature: string | undefined, digest: string): boolean {
    return this.#check(signature, 'AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY}\n${digest}`);
  }

  /** Whether `signature` is that of the trailing headers, given as `name:value\n` each. */
  trailer(signature: string | undefined, headers: string): boolean {
    return this.#check(signature, 'AWS4-HMAC-SHA256-TRAILER', sha256(headers));
  }

  #check(signature: string | undefined, algorithm: string, hashes: string): boolean {
    const { claim } = this;
    const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
    const text = `${algorithm}\n${claim.time}\n${scope}\n${this.#before}\n${hashes}`;
    const right = sign(this.secret, claim, text);
    this.#before = right;
    return signature === right;
  }
}
