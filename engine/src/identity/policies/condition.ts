import type { Context } from './context';
import { operators } from './operators';

/** One line of a Condition: an operator, a key and the values it is held against. All lines must hold. */
export interface Condition {
  operator: string;
  key: string;
  values: readonly string[];
  holds(context: Context): boolean;
}

type Block = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const NAME = /^(?:(forallvalues|foranyvalue):)?(.+?)(ifexists)?$/;

export function compileConditions(block: Block | undefined): Condition[] {
  return Object.entries(block ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => compileCondition(operator, key, listOf(values))),
  );
}

const listOf = (values: unknown): string[] => (Array.isArray(values) ? values : [values]).map(String);

function compileCondition(operator: string, key: string, values: readonly string[]): Condition {
  const [, quantifier, base = '', ifExists] = NAME.exec(operator.toLowerCase()) ?? [];
  const condition = { operator, key, values };
  if (base === 'null') {
    return {
      ...condition,
      holds: (context) => values.some((value) => (context.get(key) === undefined) === /^true$/i.test(value)),
    };
  }
  const negated = /^(string|numeric|date|arn)not|^not/.test(base);
  const reading = operators[negated ? base.replace('not', '') : base];
  // Stored policies have been checked; whatever else stands here matches nothing.
  if (!reading) return { ...condition, holds: () => false };
  const wanted = values.map(reading);
  const passes = (value: string, context: Context) =>
    wanted.some((holds) => holds(value, context)) !== negated;
  return {
    ...condition,
    holds(context) {
      const found = context.get(key);
      if (found === undefined || found.length === 0) {
        return (
          ifExists !== undefined || quantifier === 'forallvalues' || (negated && quantifier === undefined)
        );
      }
      if (quantifier === 'forallvalues' || (negated && quantifier === undefined))
        return found.every((value) => passes(value, context));
      return found.some((value) => passes(value, context));
    },
  };
}
