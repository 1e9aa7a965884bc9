import type { Path, RawStep } from './ast';
import type { Bindings } from './bindings';
import { Faults } from './faults';
import { PathTree } from './paths';

/** Fills in the placeholders of a projection; its paths must not overlap. */
export function bindProjection(raw: readonly RawStep[][], bindings: Bindings): Path[] {
  const faults = new Faults<'placeholder' | 'overlap' | 'conflict'>(['placeholder', 'overlap', 'conflict']);
  const tree = new PathTree();
  const paths = raw.map((steps) => {
    const path = bindings.path(steps, faults);
    tree.add(path, faults);
    return path;
  });
  faults.settle();
  return paths;
}
