import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An identity provider on a port of its own, with a key of each kind. */
export class Issuer {
  readonly #rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  #server: Server | undefined;
  url = '';
  /** Paths that were asked for. */
  readonly asked: string[] = [];

  /** Over TLS where it is given a certificate. */
  async start(tls?: { key: string; cert: string }): Promise<this> {
    const answer: RequestListener = (request, response) => {
      this.asked.push(request.url ?? '');
      const document = this.#documents()[request.url ?? ''];
      response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(document ?? {}));
    };
    const server = tls ? createSecureServer(tls, answer) : createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.url = `${tls ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}/realm`;
    return this;
  }

  get name(): string {
    return this.url.replace(/^https?:\/\//, '');
  }

  #documents(): Record<string, object> {
    const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' });
    return {
      '/realm/.well-known/openid-configuration': { issuer: this.url, jwks_uri: `${this.url}/keys` },
      '/realm/keys': { keys: [jwk(this.#rsa.publicKey, 'rsa'), jwk(this.#ec.publicKey, 'ec')] },
    };
  }

  /** A token that holds until long after the engine's now. */
  token(claims: object = {}, { alg = 'RS256', kid = 'rsa', forged = false } = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const said = { iss: this.url, aud: 'theatre', sub: 'ada', iat: now, exp: now + 600, ...claims };
    const text = `${encode({ alg, kid, typ: 'JWT' })}.${encode(said)}`;
    const key = forged
      ? this.#stranger.privateKey
      : alg === 'ES256'
        ? this.#ec.privateKey
        : this.#rsa.privateKey;
    const how = alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' as const } : key;
    return `${text}.${alg === 'none' ? '' : sign('sha256', Buffer.from(text), how).toString('base64url')}`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}
