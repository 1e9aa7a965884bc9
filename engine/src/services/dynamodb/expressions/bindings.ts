import { invalid } from '../errors';
import type { Item, Value } from '../values/value';
import type { Path, RawStep } from './ast';
import type { FaultSink } from './faults';

/** ExpressionAttributeNames and -Values of one request, and which of them its expressions have used. */
export class Bindings {
  readonly #unusedNames: Set<string>;
  readonly #unusedValues: Set<string>;

  constructor(
    readonly names: Readonly<Record<string, string>>,
    /** Checked values. */
    readonly values: Item,
  ) {
    this.#unusedNames = new Set(Object.keys(names));
    this.#unusedValues = new Set(Object.keys(values));
  }

  /** The path with its names filled in; notes a fault and stands in for a name that is not defined. */
  path(steps: readonly RawStep[], faults: FaultSink<'placeholder'>): Path {
    return steps.map((step) => {
      if (typeof step !== 'object') return step;
      const name = Object.hasOwn(this.names, step.placeholder) ? this.names[step.placeholder] : undefined;
      this.#unusedNames.delete(step.placeholder);
      if (name !== undefined) return name;
      const message = `An expression attribute name used in the document path is not defined; attribute name: ${step.placeholder}`;
      faults.note('placeholder', message);
      return step.placeholder;
    });
  }

  value(placeholder: string, faults: FaultSink<'placeholder'>): Value {
    const value = Object.hasOwn(this.values, placeholder) ? this.values[placeholder] : undefined;
    this.#unusedValues.delete(placeholder);
    if (value !== undefined) return value;
    const message = `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`;
    faults.note('placeholder', message);
    return { NULL: true };
  }

  /** Refuses what no expression has used. */
  settle(): void {
    for (const [kind, unused] of [
      ['Names', this.#unusedNames],
      ['Values', this.#unusedValues],
    ] as const) {
      if (unused.size > 0) {
        const keys = [...unused].join(', ');
        throw invalid(`Value provided in ExpressionAttribute${kind} unused in expressions: keys: {${keys}}`);
      }
    }
  }
}
