import { createHmac } from 'node:crypto';
import type { Claim } from './claim';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Derived keys hold for a day, a region and a service: most requests find theirs made. */
const known = new Map<string, Buffer>();
const MOST = 1_000;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#calculate-signature */
export function signingKey(secret: string, { date, region, service }: Claim): Buffer {
  const name = `${date}/${region}/${service}/${secret}`;
  let key = known.get(name);
  if (!key) {
    key = ['aws4_request', service, region, date].reduceRight(
      (derived: string | Buffer, text) => hmac(derived, text),
      `AWS4${secret}`,
    ) as Buffer;
    if (known.size >= MOST) known.clear();
    known.set(name, key);
  }
  return key;
}

export function sign(secret: string, claim: Claim, text: string): string {
  return hmac(signingKey(secret, claim), text).toString('hex');
}
