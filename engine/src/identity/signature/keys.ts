import { hash } from 'node:crypto';
import type { Claim } from './claim';

/** SHA-256 takes blocks of 64 bytes. */
const BLOCK = 64;
const DIGEST = 32;

/**
 * A key of HMAC-SHA256 as the two blocks that its hashes begin with. Two hashes of one call each cost a third of what
 * Node's `createHmac` does. https://www.rfc-editor.org/rfc/rfc2104#section-2
 */
interface Key {
  inner: Uint8Array;
  outer: Buffer;
}

function keyOf(secret: Uint8Array): Key {
  const block = Buffer.alloc(BLOCK);
  block.set(secret.length > BLOCK ? hash('sha256', secret, 'buffer') : secret);
  const outer = Buffer.alloc(BLOCK + DIGEST);
  outer.set(block.map((byte) => byte ^ 0x5c));
  return { inner: block.map((byte) => byte ^ 0x36), outer };
}

function hmac({ inner, outer }: Key, text: string): Buffer {
  const size = Buffer.byteLength(text);
  const message = Buffer.allocUnsafe(BLOCK + size);
  message.set(inner);
  message.write(text, BLOCK);
  hash('sha256', message, 'buffer').copy(outer, BLOCK);
  return hash('sha256', outer, 'buffer');
}

/** Derived keys hold for a day, a region and a service: most requests find theirs made. */
const known = new Map<string, Key>();
const MOST = 1_000;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#calculate-signature */
function signingKey(secret: string, { date, region, service }: Claim): Key {
  const name = `${date}/${region}/${service}/${secret}`;
  let key = known.get(name);
  if (!key) {
    key = [date, region, service, 'aws4_request'].reduce(
      (derived, text) => keyOf(hmac(derived, text)),
      keyOf(Buffer.from(`AWS4${secret}`)),
    );
    if (known.size >= MOST) known.clear();
    known.set(name, key);
  }
  return key;
}

export function sign(secret: string, claim: Claim, text: string): string {
  return hmac(signingKey(secret, claim), text).toString('hex');
}
