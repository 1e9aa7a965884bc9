import type { Target } from './target';

export type { Deployment, Target } from './target';

/** One line a target; loaded when chosen, because each needs tools that the others do not. */
const targets: Record<string, () => Promise<Target>> = {
  embedded: async () => (await import('./embedded')).embedded(),
};

/** The target that TIERKIT_TARGET names. */
export async function chosenTarget(name = process.env.TIERKIT_TARGET ?? 'embedded'): Promise<Target> {
  const load = targets[name];
  if (!load) {
    throw new Error(
      `TIERKIT_TARGET=${name}: there is no such target. Known: ${Object.keys(targets).join(', ')}`,
    );
  }
  return load();
}
