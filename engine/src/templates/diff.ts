import { isDeepStrictEqual } from 'node:util';
import { type PropertyFacts, type PropertyShape, resourceFacts } from './facts';
import { isObject } from './template';

export type Replacement = 'always' | 'conditionally' | 'never';

export interface PropertyChange {
  /** The top-level property. */
  name: string;
  replacement: Replacement;
  before: unknown;
  after: unknown;
}

const RANK: readonly Replacement[] = ['never', 'conditionally', 'always'];

export function strongest(changes: readonly { replacement: Replacement }[]): Replacement {
  return RANK[Math.max(0, ...changes.map(({ replacement }) => RANK.indexOf(replacement)))] ?? 'never';
}

/** The strongest rule on what differs within a property; a property's own rule holds for all in it. */
function within(shape: PropertyShape, before: unknown, after: unknown): Replacement {
  if (shape.kind === 'object' && isObject(before) && isObject(after)) {
    return strongest(changed(shape.properties, before, after));
  }
  return 'never';
}

function changed(
  facts: PropertyFacts | undefined,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): PropertyChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => {
      const fact = facts?.[name];
      const own = fact?.replaces ?? 'never';
      const replacement = fact && own === 'never' ? within(fact.shape, before[name], after[name]) : own;
      return { name, replacement, before: before[name], after: after[name] };
    });
}

/** What differs between two sets of properties of a type, and what each difference does to the resource. */
export function propertyChanges(
  type: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): PropertyChange[] {
  const facts = resourceFacts(type)?.properties;
  // A custom resource is replaced when its function says so, and when it has another function.
  if (!facts && type !== 'AWS::CDK::Metadata') {
    return changed(facts, before, after).map((each) =>
      each.name === 'ServiceToken' ? { ...each, replacement: 'conditionally' as const } : each,
    );
  }
  return changed(facts, before, after);
}
