import { intrinsic, isObject } from './template';

/** Something a value needs: a whole resource or parameter (Ref), or an attribute of a resource (GetAtt). */
export interface Reference {
  to: string;
  attribute?: string;
  /** By which intrinsic, for messages: 'Ref' | 'Fn::GetAtt' | 'Fn::Sub'. */
  by: string;
}

const PLACEHOLDER = /\$\{([^!{}][^{}]*)\}/g;

/** The names in `${…}` of a Fn::Sub text; `${!Literal}` is none. */
function placeholders(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => (match[1] ?? '').trim());
}

/** The two parts of a GetAtt, whichever way it is written; the attribute may itself be an intrinsic. */
export function getAttParts(argument: unknown): { to: string; attribute: unknown } | undefined {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return dot > 0 && dot < argument.length - 1
      ? { to: argument.slice(0, dot), attribute: argument.slice(dot + 1) }
      : undefined;
  }
  if (!Array.isArray(argument) || argument.length < 2) return undefined;
  const [to, ...rest] = argument as unknown[];
  if (typeof to !== 'string' || to === '') return undefined;
  if (rest.every((part) => typeof part === 'string' && part !== '')) return { to, attribute: rest.join('.') };
  return rest.length === 1 && isObject(rest[0]) ? { to, attribute: rest[0] } : undefined;
}

function subReferences(argument: unknown, found: Reference[]): void {
  const [text, variables] = Array.isArray(argument) ? (argument as unknown[]) : [argument, undefined];
  if (typeof text !== 'string') return;
  const own = isObject(variables) ? variables : {};
  for (const name of placeholders(text)) {
    if (name in own) continue;
    const dot = name.indexOf('.');
    if (dot > 0) found.push({ to: name.slice(0, dot), attribute: name.slice(dot + 1), by: 'Fn::Sub' });
    else found.push({ to: name, by: 'Fn::Sub' });
  }
  collect(own, found, undefined);
}

/** Whether a branch of Fn::If counts: undefined takes both. */
export type Chooser = ((condition: string) => boolean | undefined) | undefined;

function collect(value: unknown, found: Reference[], choose: Chooser): void {
  if (Array.isArray(value)) {
    for (const each of value) collect(each, found, choose);
    return;
  }
  if (!isObject(value)) return;
  const call = intrinsic(value);
  if (call?.name === 'Ref' && typeof call.argument === 'string') {
    found.push({ to: call.argument, by: 'Ref' });
  } else if (call?.name === 'Fn::GetAtt') {
    const parts = getAttParts(call.argument);
    if (parts) {
      const attribute = typeof parts.attribute === 'string' ? parts.attribute : undefined;
      found.push({ to: parts.to, ...(attribute ? { attribute } : {}), by: 'Fn::GetAtt' });
      if (attribute === undefined) collect(parts.attribute, found, choose);
    }
  } else if (call?.name === 'Fn::Sub') {
    subReferences(call.argument, found);
  } else if (call?.name === 'Fn::If' && choose && Array.isArray(call.argument)) {
    const [name, yes, no] = call.argument as unknown[];
    const taken = typeof name === 'string' ? choose(name) : undefined;
    if (taken !== false) collect(yes, found, choose);
    if (taken !== true) collect(no, found, choose);
  } else {
    for (const each of Object.values(value)) collect(each, found, choose);
  }
}

/** Everything a value refers to, in the order of the text. */
export function references(value: unknown, choose?: Chooser): Reference[] {
  const found: Reference[] = [];
  collect(value, found, choose);
  return found;
}
