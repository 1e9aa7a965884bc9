import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { CliError } from './errors';

/** What `tierkit up` does in this repository: the `tierkit` member of its package.json. */
export interface ProjectConfiguration {
  /** Folder of the CDK app (where cdk.json is), from the root. */
  cdk: string;
  /** Command that builds what the app deploys, e.g. the site. */
  build?: string;
  /** Command that puts demo data in. */
  seed?: string;
}

/** The repository the CLI was called in, and where it keeps what is its own. */
export interface Project {
  root: string;
  /** `.tierkit` in the root: state, log and the running engine's card. */
  home: string;
  /** The engine's state folder. */
  state: string;
  configuration: ProjectConfiguration | undefined;
}

/** Finds the project: the nearest folder upwards with a `tierkit` configuration or a cdk.json, else the current one. */
export function findProject(
  options: { state?: string | undefined } = {},
  from: string = process.cwd(),
): Project {
  let root: string | undefined;
  let configuration: ProjectConfiguration | undefined;
  for (let at = from; ; at = dirname(at)) {
    const found = configurationOf(at);
    if (found) {
      root = at;
      configuration = found;
      break;
    }
    if (root === undefined && existsSync(join(at, 'cdk.json'))) root = at;
    if (at === parse(at).root) break;
  }
  root ??= from;
  if (!configuration && existsSync(join(root, 'cdk.json'))) configuration = { cdk: '.' };
  // An engine with a state folder of its own has a card of its own too: several can run side by side.
  const home = options.state ? resolve(from, options.state) : join(root, '.tierkit');
  return { root, home, state: join(home, 'state'), configuration };
}

/** What a command to copy needs to find this project again, where that is not the one in the current folder. */
export function stateOption({ home, root }: Project): string {
  return home === join(root, '.tierkit') ? '' : ` --state ${home}`;
}

function configurationOf(folder: string): ProjectConfiguration | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const { tierkit } = JSON.parse(readFileSync(file, 'utf8')) as { tierkit?: Partial<ProjectConfiguration> };
  if (tierkit === undefined) return undefined;
  if (typeof tierkit.cdk !== 'string')
    throw new CliError(`${file}: "tierkit" needs "cdk", the folder of the CDK app.`);
  return { ...tierkit, cdk: tierkit.cdk };
}

/** Makes `.tierkit`, readable by its owner only and unknown to git. */
export function ensureHome(project: Project): void {
  try {
    mkdirSync(project.home, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new CliError(
      `${project.home} cannot be made: ${error instanceof Error ? error.message : error}. Choose another folder with --state.`,
    );
  }
}
