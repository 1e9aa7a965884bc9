import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Ids } from '../../kernel';

/**
 * ECDSA over a digest that was made elsewhere: node:crypto hashes whatever it signs, so the arithmetic is here.
 * FIPS 186-5, 6.4. Keys and signatures are its own, and verify with any other implementation.
 */
interface Curve {
  p: bigint;
  a: bigint;
  n: bigint;
  x: bigint;
  y: bigint;
}

const CURVES: Readonly<Record<string, Curve>> = {
  'P-256': {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    a: -3n,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
    y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  },
  'P-384': {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    a: -3n,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
    y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
  },
  'P-521': {
    p: 2n ** 521n - 1n,
    a: -3n,
    n: 0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    x: 0x00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66n,
    y: 0x011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650n,
  },
  secp256k1: {
    p: 2n ** 256n - 2n ** 32n - 977n,
    a: 0n,
    n: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
    x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
    y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
  },
};

interface Point {
  x: bigint;
  y: bigint;
}

/** Jacobian coordinates: x/z², y/z³, and z = 0 for the point at infinity. They cost one inversion in all. */
interface Jacobian extends Point {
  z: bigint;
}

const INFINITY: Jacobian = { x: 1n, y: 1n, z: 0n };

const mod = (value: bigint, by: bigint) => ((value % by) + by) % by;

function inverse(value: bigint, by: bigint): bigint {
  let [a, b, u, v] = [mod(value, by), by, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b, u, v] = [b, a - quotient * b, v, u - quotient * v];
  }
  return mod(u, by);
}

function double({ p, a }: Curve, { x, y, z }: Jacobian): Jacobian {
  if (z === 0n || y === 0n) return INFINITY;
  const yy = mod(y * y, p);
  const s = mod(4n * x * yy, p);
  const zz = mod(z * z, p);
  const m = mod(3n * x * x + a * zz * zz, p);
  const x3 = mod(m * m - 2n * s, p);
  return { x: x3, y: mod(m * (s - x3) - 8n * yy * yy, p), z: mod(2n * y * z, p) };
}

function add(curve: Curve, one: Jacobian, other: Jacobian): Jacobian {
  if (one.z === 0n) return other;
  if (other.z === 0n) return one;
  const { p } = curve;
  const z1 = mod(one.z * one.z, p);
  const z2 = mod(other.z * other.z, p);
  const u1 = mod(one.x * z2, p);
  const u2 = mod(other.x * z1, p);
  const s1 = mod(one.y * z2 * other.z, p);
  const s2 = mod(other.y * z1 * one.z, p);
  if (u1 === u2) return s1 === s2 ? double(curve, one) : INFINITY;
  const h = mod(u2 - u1, p);
  const r = mod(s2 - s1, p);
  const hh = mod(h * h, p);
  const v = mod(u1 * hh, p);
  const x = mod(r * r - hh * h - 2n * v, p);
  return { x, y: mod(r * (v - x) - s1 * hh * h, p), z: mod(h * one.z * other.z, p) };
}

function multiply(curve: Curve, point: Point, times: bigint): Jacobian {
  let sum = INFINITY;
  let doubled: Jacobian = { x: point.x, y: point.y, z: 1n };
  for (let rest = times; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = add(curve, sum, doubled);
    doubled = double(curve, doubled);
  }
  return sum;
}

/** The affine x of a point that is not at infinity. */
function xOf({ p }: Curve, { x, z }: Jacobian): bigint {
  const inverted = inverse(z, p);
  return mod(x * inverted * inverted, p);
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

/** As many of the digest's leading bits as the order has. */
function truncated(digest: Uint8Array, n: bigint): bigint {
  const excess = digest.length * 8 - n.toString(2).length;
  return excess > 0 ? toNumber(digest) >> BigInt(excess) : toNumber(digest);
}

function curveOf(key: KeyObject) {
  const jwk = key.export({ format: 'jwk' });
  const part = (text: string | undefined) => toNumber(Buffer.from(text ?? '', 'base64url'));
  return { curve: CURVES[String(jwk.crv)]!, d: part(jwk.d), x: part(jwk.x), y: part(jwk.y) };
}

export function signDigest(ids: Ids, key: KeyObject, digest: Uint8Array): Buffer {
  const { curve, d } = curveOf(key);
  const { n } = curve;
  const z = truncated(digest, n);
  for (;;) {
    // Sixty-four bits more than the order needs leave no bias to speak of.
    const k = mod(BigInt(`0x${ids.hex(n.toString(16).length + 16)}`), n - 1n) + 1n;
    const r = mod(xOf(curve, multiply(curve, curve, k)), n);
    const s = mod(inverse(k, n) * (z + r * d), n);
    if (r !== 0n && s !== 0n) return encode(r, s);
  }
}

export function verifyDigest(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  const { curve, x, y } = curveOf(createPublicKey(key));
  const { n } = curve;
  const decoded = decode(Buffer.from(signature));
  if (!decoded) return false;
  const { r, s } = decoded;
  if (r <= 0n || s <= 0n || r >= n || s >= n) return false;
  const w = inverse(s, n);
  const sum = add(
    curve,
    multiply(curve, curve, mod(truncated(digest, n) * w, n)),
    multiply(curve, { x, y }, mod(r * w, n)),
  );
  return sum.z !== 0n && mod(xOf(curve, sum), n) === r;
}

/** SEQUENCE { INTEGER r, INTEGER s } */
function encode(r: bigint, s: bigint): Buffer {
  const integer = (value: bigint) => {
    const text = value.toString(16);
    let bytes = Buffer.from(text.length % 2 ? `0${text}` : text, 'hex');
    if (bytes[0]! >= 0x80) bytes = Buffer.concat([Buffer.of(0), bytes]);
    return Buffer.concat([Buffer.of(2, bytes.length), bytes]);
  };
  const body = Buffer.concat([integer(r), integer(s)]);
  const length = body.length < 128 ? Buffer.of(body.length) : Buffer.of(0x81, body.length);
  return Buffer.concat([Buffer.of(0x30), length, body]);
}

function decode(der: Buffer): { r: bigint; s: bigint } | undefined {
  let at = der[1] === 0x81 ? 3 : 2;
  if (der[0] !== 0x30 || der.length !== at + der[at - 1]!) return undefined;
  const values: bigint[] = [];
  while (values.length < 2) {
    const length = der[at + 1] ?? 0;
    if (der[at] !== 2 || length === 0 || at + 2 + length > der.length) return undefined;
    values.push(toNumber(der.subarray(at + 2, at + 2 + length)));
    at += 2 + length;
  }
  return at === der.length ? { r: values[0]!, s: values[1]! } : undefined;
}
