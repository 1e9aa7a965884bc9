import { truth } from './intrinsics';
import type { Scope } from './scope';
import type { Template } from './template';

/** The truth of every condition of a template; they may name one another in any order. */
export function evaluateConditions(template: Template, scope: Scope): Record<string, boolean> {
  const known: Record<string, boolean> = {};
  const named = (name: string): boolean => {
    known[name] ??= truth(template.Conditions?.[name], scope, named);
    return known[name];
  };
  for (const name of Object.keys(template.Conditions ?? {})) named(name);
  return known;
}
