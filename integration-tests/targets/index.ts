import { EXIT, type Target, TargetError } from './target';

export type { Deployment, Skips, Target } from './target';
export { EXIT, TargetError } from './target';

export interface TargetOptions {
  /** The AWS account that may be used, confirmed beforehand. */
  yes?: string | undefined;
}

/** One line a target; loaded when chosen, because each needs tools that the others do not. */
const targets = {
  embedded: async () => (await import('./embedded')).embedded(),
  localstack: async () => (await import('./localstack')).localstack(),
  image: async () => (await import('./image')).image(),
  aws: async ({ yes }: TargetOptions) => (await import('./aws')).aws({ yes }),
} satisfies Record<string, (options: TargetOptions) => Promise<Target>>;

export const TARGET_NAMES: readonly string[] = Object.keys(targets);

export async function chosenTarget(name: string, options: TargetOptions = {}): Promise<Target> {
  if (!isTarget(name)) {
    throw new TargetError(`There is no target "${name}". Known: ${TARGET_NAMES.join(', ')}`, EXIT.usage);
  }
  return targets[name](options);
}

function isTarget(name: string): name is keyof typeof targets {
  return Object.hasOwn(targets, name);
}
