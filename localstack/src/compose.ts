import { CliError } from '../../engine/src/cli/errors';
import { portOwner } from '../../engine/src/cli/port-owner';
import { IMAGES } from './containers';
import { composeCommand, DIED, docker, handedOver, type Ran, ran, requireDocker } from './docker';
import { prepare, root, type Settings } from './home';
import { isListening } from './probes';

export const SERVICES = ['localstack', 'postgres', 'redis'] as const;
export type Service = (typeof SERVICES)[number];

export interface ContainerState {
  service: Service;
  id: string;
  running: boolean;
  /** Docker's word: running, exited, restarting, dead. */
  status: string;
  exitCode: number;
  outOfMemory: boolean;
}

/** The containers of docker-compose.yml, through whichever Compose is there. */
export class Compose {
  private constructor(
    readonly settings: Settings,
    private readonly command: readonly [string, ...string[]],
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async open(settings: Settings): Promise<Compose> {
    await requireDocker();
    const [command, env] = await Promise.all([composeCommand(), prepare(settings)]);
    return new Compose(settings, command, env);
  }

  /** The images that are not on this machine yet. */
  async missingImages(): Promise<string[]> {
    const images = Object.values(this.settings.images);
    const there = await Promise.all(images.map((image) => ran('docker', ['image', 'inspect', image])));
    return images.filter((_, index) => there[index]?.code !== 0);
  }

  async start(): Promise<void> {
    await this.#portsAreFree();
    const { code, stderr, stdout } = await this.#run('up', '--detach', ...SERVICES);
    if (code !== 0)
      throw new CliError(`${(stderr || stdout).trim()}\n\nThe containers could not be started.`);
  }

  async stop(options: { forget: boolean }): Promise<void> {
    // Those of functions, which a LocalStack that was killed leaves behind, hold the network.
    const filters = ['--filter', `network=${this.settings.project}`, '--filter', 'name=-lambda-'];
    const functions = (await docker('ps', '--all', '--quiet', ...filters)).split('\n').filter(Boolean);
    if (functions.length > 0) await docker('rm', '--force', '--volumes', ...functions);
    const { code, stderr } = await this.#run(
      'down',
      ...(options.forget ? ['--volumes', '--remove-orphans'] : []),
    );
    if (code !== 0) throw new CliError(`${stderr.trim()}\n\nThe containers could not be stopped.`);
  }

  async restart(service: Service): Promise<void> {
    const { code, stderr } = await this.#run('restart', service);
    if (code !== 0) throw new CliError(`${stderr.trim()}\n\n${service} could not be started again.`);
  }

  async states(): Promise<ContainerState[]> {
    const states = await Promise.all(SERVICES.map((service) => this.#state(service)));
    return states.filter((state) => state !== undefined);
  }

  /** Throws for the first container that has ended, with the last words of its log. */
  async allAlive(): Promise<void> {
    const states = await this.states();
    const dead = states.find(({ running }) => !running);
    if (dead) throw await this.#obituary(dead);
    const gone = SERVICES.find((service) => !states.some((state) => state.service === service));
    if (gone)
      throw new CliError(`The container of ${gone} is not there any more: somebody has removed it.`, DIED);
  }

  /** Their logs in this terminal. */
  logs(follow: boolean): Promise<number> {
    const more = follow ? ['--follow'] : [];
    return handedOver(
      [...this.command, ...this.#options(), 'logs', '--tail', '200', ...more],
      this.env,
      root,
    );
  }

  async #state(service: Service): Promise<ContainerState | undefined> {
    const id = (await this.#run('ps', '--all', '--quiet', service)).stdout.trim().split('\n')[0];
    if (!id) return undefined;
    const { code, stdout } = await ran('docker', ['inspect', '--format', '{{json .State}}', id]);
    if (code !== 0) return undefined;
    const { Running, Status, ExitCode, OOMKilled } = JSON.parse(stdout) as {
      Running: boolean;
      Status: string;
      ExitCode: number;
      OOMKilled: boolean;
    };
    return { service, id, running: Running, status: Status, exitCode: ExitCode, outOfMemory: OOMKilled };
  }

  async #obituary({ service, id, exitCode, outOfMemory }: ContainerState): Promise<CliError> {
    const { stdout, stderr } = await ran('docker', ['logs', '--tail', '15', id]);
    const log = (stdout + stderr).trim();
    const image = this.settings.images[service];
    const why = outOfMemory ? ', out of memory' : '';
    const token = service === 'localstack' ? wantsToken(image, this.settings.token, log) : undefined;
    return new CliError(
      `${log}\n\n${token ?? `The container of ${service} (${image}) has ended by itself: exit code ${exitCode}${why}. Its last lines are above.`}`,
      DIED,
    );
  }

  /** Ports that are to be taken must be nobody else's. */
  async #portsAreFree(): Promise<void> {
    const running = new Set((await this.states()).filter((one) => one.running).map(({ service }) => service));
    for (const service of SERVICES) {
      const port = this.settings.ports[service];
      if (running.has(service) || !(await isListening(port))) continue;
      const variable = `${service.toUpperCase()}_PORT`;
      throw new CliError(
        `Port ${port}, which ${service} is to answer on, is in use by ${await portOwner(port)}. Stop it, or choose another port: make up TARGET=localstack ${variable}=…`,
      );
    }
  }

  #options(): string[] {
    return ['--project-name', this.settings.project, '--file', 'docker-compose.yml'];
  }

  #run(...args: string[]): Promise<Ran> {
    const [program, ...first] = this.command;
    return ran(program, [...first, ...this.#options(), ...args], this.env, root);
  }
}

/** LocalStack of 2026 and later ends without a token that it knows. */
export function wantsToken(image: string, token: string, log: string): string | undefined {
  if (!/licen[sc]e|auth[ _-]?token/i.test(log)) return undefined;
  const what = token ? 'does not take its LOCALSTACK_AUTH_TOKEN' : 'wants a LOCALSTACK_AUTH_TOKEN';
  return `${image} ${what}. ${IMAGES.localstack} is the last that runs without one: unset LOCALSTACK_IMAGE, or set the token.`;
}
