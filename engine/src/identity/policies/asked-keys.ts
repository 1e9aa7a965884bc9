import type { Statement } from './statement';
import { variablesOf } from './variables';

/** The condition keys whose values decide whether a statement fits: those it names, and those its variables stand for. */
export function askedKeys({ conditions, source }: Statement): string[] {
  const texts = [source.Resource, source.NotResource, ...conditions.map(({ values }) => values)].flatMap(
    (text) => text ?? [],
  );
  return [...conditions.map(({ key }) => key), ...texts.flatMap(variablesOf)];
}
