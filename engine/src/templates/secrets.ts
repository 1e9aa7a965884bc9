import { lookedUp } from './dynamic-references';
import type { Engine } from './engine';
import type { StackRecord } from './records';

/** What of a stack no event tells: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
export function secretsOf(engine: Engine, { parameters }: StackRecord): string[] {
  const hidden = parameters.filter(({ noEcho }) => noEcho).map(({ value }) => value);
  return [...hidden, ...lookedUp(engine.host)];
}
