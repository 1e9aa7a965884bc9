/** A value of ASN.1, as certificates are written. https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
interface Element {
  tag: number;
  content: Buffer;
}

const EXTENSIONS = 0xa3;
const INTEGER = 2;
const HASH_OF_PSS = 0xa0;
const BASIC_CONSTRAINTS = '551d13';
const RSA_PSS = '2a864886f70d01010a';
/** SHA-256, SHA-384 and SHA-512: by themselves, with RSA and with ECDSA. */
const STRONG_HASHES = /^60864801650304020[123]$/;
const STRONG_SIGNATURES = /^(?:2a864886f70d01010[bcd]|2a8648ce3d04030[234])$/;

/** The values that stand one after the other. Throws where the last one is cut off. */
function elementsOf(bytes: Buffer): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at);
    let length = bytes.readUInt8(at + 1);
    at += 2;
    if (length > 0x7f) {
      const size = length & 0x7f;
      length = bytes.readUIntBE(at, size);
      at += size;
    }
    elements.push({ tag, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return elements;
}

const inside = (element: Element | undefined): Element[] => elementsOf(element?.content ?? Buffer.alloc(0));
const hexOf = (element: Element | undefined): string => element?.content.toString('hex') ?? '';

/** What Node does not tell of a certificate; `der` is known to be one. */
export function detailsOf(der: Buffer): { strongHash: boolean; pathLength: number | undefined } {
  const [toBeSigned, algorithm] = inside(elementsOf(der)[0]);
  return { strongHash: isStrong(inside(algorithm)), pathLength: pathLengthOf(inside(toBeSigned)) };
}

function isStrong([name, parameters]: Element[]): boolean {
  if (hexOf(name) !== RSA_PSS) return STRONG_SIGNATURES.test(hexOf(name));
  // Left out, it is SHA-1.
  const hash = inside(parameters).find(({ tag }) => tag === HASH_OF_PSS);
  return STRONG_HASHES.test(hexOf(inside(inside(hash)[0])[0]));
}

function pathLengthOf(toBeSigned: Element[]): number | undefined {
  const [extensions] = inside(toBeSigned.find(({ tag }) => tag === EXTENSIONS));
  for (const extension of inside(extensions)) {
    const parts = inside(extension);
    if (hexOf(parts[0]) !== BASIC_CONSTRAINTS) continue;
    const length = inside(inside(parts.at(-1))[0]).find(({ tag }) => tag === INTEGER);
    return length && Number(BigInt(`0x${hexOf(length) || '0'}`));
  }
  return undefined;
}
