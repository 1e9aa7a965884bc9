import { connect } from 'node:net';
import {
  type ContainerRuntimeClient,
  type GenericContainer,
  getContainerRuntimeClient,
  type StartedTestContainer,
} from 'testcontainers';
import { TargetError, unavailable } from './target';

/** Containers outlive the run, and the next run finds them again. https://node.testcontainers.org/features/containers/#reusing-a-container */
export const reuse = process.env.TESTCONTAINERS_REUSE_ENABLE === 'true';

/** The Docker Engine, or in one line why there is none. */
export async function dockerFor(target: string): Promise<ContainerRuntimeClient> {
  // Testcontainers would look further, and take another engine than the one that was asked for.
  const asked = process.env.DOCKER_HOST;
  if (asked && (await refusalAt(asked)) !== undefined)
    throw unavailable(`target ${target}: ${await whyNoDocker(asked)}`);
  try {
    return await getContainerRuntimeClient();
  } catch {
    throw unavailable(`target ${target}: ${await whyNoDocker(asked)}`);
  }
}

const INSTEAD = '`make test` needs no Docker.';
const SOCKET = 'unix:///var/run/docker.sock';
const ANSWER_MS = 5_000;

export async function whyNoDocker(host = SOCKET): Promise<string> {
  const code = await refusalAt(host);
  if (!host.startsWith('unix://'))
    return `no Docker Engine answers at DOCKER_HOST=${host} (${code}). ${INSTEAD}`;
  const socket = host.slice('unix://'.length);
  if (code === 'ENOENT')
    return `there is no Docker Engine (${socket} does not exist). Install or start one. ${INSTEAD}`;
  if (code === 'EACCES' || code === 'EPERM') {
    return `you may not use the Docker Engine at ${socket}: add yourself to its group (sudo usermod -aG docker $USER, then log in again). ${INSTEAD}`;
  }
  if (code) return `the Docker Engine at ${socket} does not run (${code}): start it. ${INSTEAD}`;
  return `the Docker Engine at ${socket} answers, but not as one that Testcontainers knows. ${INSTEAD}`;
}

/** The code with which the operating system refuses a connection; nothing where one is made. */
async function refusalAt(host: string): Promise<string | undefined> {
  if (!URL.canParse(host)) return 'not an address';
  const { protocol, hostname, port, pathname } = new URL(host);
  // Over SSH Docker's own client connects.
  if (protocol === 'ssh:' || protocol === 'npipe:') return undefined;
  const to = protocol === 'unix:' ? { path: pathname } : { host: hostname, port: Number(port || 2375) };
  return new Promise((resolve) => {
    const connection = connect({ ...to, timeout: ANSWER_MS });
    const end = (code?: string) => {
      connection.destroy();
      resolve(code);
    };
    connection.once('connect', () => end());
    connection.once('timeout', () => end('ETIMEDOUT'));
    connection.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

/** The last lines of a container's log: the reason, if it does not come up. */
class Log {
  readonly #lines: string[] = [];

  take(chunk: string): void {
    this.#lines.push(...chunk.split('\n').filter((line) => line.trim() !== ''));
    this.#lines.splice(0, this.#lines.length - 15);
  }

  toString(): string {
    return this.#lines.map((line) => `  ${line}\n`).join('');
  }
}

/** Containers of one target, in the order they were started. */
export class Containers {
  readonly #started: { what: string; container: StartedTestContainer }[] = [];

  constructor(
    private readonly target: string,
    private readonly docker: ContainerRuntimeClient,
  ) {}

  /** @param advice what may help, by what the container's log says */
  async start<C extends StartedTestContainer>(
    what: string,
    image: string,
    container: Omit<GenericContainer, 'start'> & { start(): Promise<C> },
    advice: (log: string) => string = () => '',
  ): Promise<C> {
    const log = new Log();
    if (reuse) container.withReuse();
    container.withLogConsumer((stream) => stream.on('data', (chunk) => log.take(String(chunk))));
    try {
      const started = await container.start();
      this.#started.push({ what, container: started });
      return started;
    } catch (error) {
      if (error instanceof TargetError) throw error;
      const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      throw unavailable(
        `target ${this.target}: ${what} (${image}) did not start: ${message}${advice(`${log}`)}\n${log}`.trimEnd(),
      );
    }
  }

  /** Who has ended by itself, with its exit code: what made the tests fail. */
  async dead(): Promise<string[]> {
    const states = await Promise.all(
      this.#started.map(async ({ what, container }) => {
        const { State } = await this.docker.container.inspect(
          this.docker.container.getById(container.getId()),
        );
        if (State.Running) return undefined;
        return `${what} died: exit code ${State.ExitCode}${State.OOMKilled ? ', out of memory' : ''}`;
      }),
    );
    return states.filter((state) => state !== undefined);
  }

  /** The last first. LocalStack needs a moment: it takes the containers of its functions along. */
  async stop(): Promise<void> {
    for (const { container } of this.#started.splice(0).reverse()) await container.stop({ timeout: 15_000 });
  }
}
