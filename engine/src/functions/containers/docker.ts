import { Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { type DockerAddress, DockerUnavailable } from './docker-address';

/** What the Docker Engine refused. */
export class DockerError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A client of the Docker Engine API, as small as it can be. https://docs.docker.com/reference/api/engine/ */
export class Docker {
  readonly #agent: Agent | TlsAgent;

  constructor(readonly address: DockerAddress) {
    this.#agent = 'tls' in address ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  }

  get where(): string {
    const { address } = this;
    return 'socketPath' in address ? address.socketPath : `${address.host}:${address.port}`;
  }

  /** Sends a request and reads its whole answer as JSON; undefined where there is none. */
  async call<T = undefined>(method: string, path: string, body?: object): Promise<T> {
    const text = await textOf(await this.open(method, path, body));
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** Sends a request; its answer comes in pieces. Rejects with DockerError for one that is refused. */
  async open(method: string, path: string, body?: object): Promise<IncomingMessage> {
    const { response } = await this.#send(method, path, body);
    const status = response.statusCode ?? 0;
    if (status >= 400) throw new DockerError(status, messageOf(await textOf(response)));
    return response;
  }

  /** Opens a connection that leaves HTTP behind: a container's output. */
  async upgrade(path: string): Promise<Duplex> {
    const { response, socket } = await this.#send('POST', path, undefined, {
      Connection: 'Upgrade',
      Upgrade: 'tcp',
    });
    if (socket) return socket;
    throw new DockerError(response.statusCode ?? 0, messageOf(await textOf(response)));
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<{ response: IncomingMessage; socket?: Duplex }> {
    const { address } = this;
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const options: RequestOptions = {
      ...('socketPath' in address ? address : { host: address.host, port: address.port, ...address.tls }),
      method,
      path,
      agent: headers.Upgrade ? false : this.#agent,
      headers: {
        Host: 'docker',
        ...headers,
        ...(payload ? { 'Content-Type': 'application/json', 'Content-Length': payload.length } : {}),
      },
    };
    return new Promise((resolve, reject) => {
      const request = ('tls' in address ? httpsRequest : httpRequest)(options);
      request.once('response', (response) => resolve({ response }));
      request.once('upgrade', (response, socket: Duplex, head: Buffer) => {
        if (head.length > 0) socket.unshift(head);
        resolve({ response, socket });
      });
      request.once('error', (error: NodeJS.ErrnoException) => reject(this.#unavailable(error)));
      request.end(payload);
    });
  }

  #unavailable(error: NodeJS.ErrnoException): Error {
    switch (error.code) {
      case 'ENOENT':
        return new DockerUnavailable(`no Docker was found at ${this.where}`);
      case 'EACCES':
      case 'EPERM':
        return new DockerUnavailable(
          `this user may not use Docker at ${this.where} (${error.code}): add it to the group docker`,
        );
      case 'ECONNREFUSED':
        return new DockerUnavailable(`Docker does not answer at ${this.where}: start it`);
      default:
        return new DockerUnavailable(`Docker at ${this.where} failed: ${error.message}`);
    }
  }
}

export async function textOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Plain text.
  }
  return text.trim();
}
