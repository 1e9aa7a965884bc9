import { createHash } from 'node:crypto';

const latin1 = (bytes: Buffer): string => bytes.toString('latin1');

/** As far as it is valid. */
export const base64Decode = (text: string): string =>
  latin1(Buffer.from(/^[A-Za-z0-9+/]*={0,2}/.exec(text)?.[0] ?? '', 'base64'));

/** What is no Base64 is skipped. */
export const base64DecodeExt = (text: string): string =>
  latin1(Buffer.from(text.replace(/[^A-Za-z0-9+/]/g, ''), 'base64'));

/** Pairs of digits, as far as they are such. */
export const hexDecode = (text: string): string =>
  latin1(Buffer.from(/^(?:[0-9a-fA-F]{2})*/.exec(text)?.[0] ?? '', 'hex'));

/** `0x414243` is ABC. */
export const sqlHexDecode = (text: string): string =>
  text.replace(/0[xX]((?:[0-9a-fA-F]{2})+)/g, (_all, hex: string) => latin1(Buffer.from(hex, 'hex')));

const digest = (algorithm: string) => (text: string) =>
  latin1(createHash(algorithm).update(text, 'latin1').digest());

/** Raw bytes, not their digits. */
export const md5 = digest('md5');
export const sha256 = digest('sha256');
