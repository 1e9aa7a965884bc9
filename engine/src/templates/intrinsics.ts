import { notImplemented } from '../kernel';
import { cidrBlocks } from './cidr';
import { getAttParts } from './references';
import { refuse } from './refusal';
import { KNOWN_AFTER_APPLY, PSEUDO_PARAMETERS, pseudoParameter, type Scope } from './scope';
import { intrinsic, isObject, type JsonObject } from './template';

/** What `AWS::NoValue` leaves: the property or list element is taken out. */
const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

const JOIN =
  'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.';
const SPLIT =
  'Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.';
const SELECT =
  'Template error: Fn::Select requires a list argument with two elements: an integer index and a list';
export const FIND_IN_MAP =
  'Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value';

/** Scalars as CloudFormation prints them into a text; anything else has no such form. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}

function ref(name: unknown, scope: Scope): unknown {
  if (typeof name !== 'string')
    throw refuse('Template error: every Ref object must have a single String value.');
  if (name === 'AWS::NoValue') return NO_VALUE;
  if (name === 'AWS::NotificationARNs') return [];
  const pseudo = pseudoParameter(name, scope);
  if (pseudo !== undefined) return pseudo;
  return Object.hasOwn(scope.parameters, name) ? scope.parameters[name] : scope.ref(name);
}

function join(argument: unknown, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length !== 2) throw refuse(JOIN);
  const delimiter = resolve(argument[0], scope);
  const parts = resolve(argument[1], scope);
  if (parts === KNOWN_AFTER_APPLY) return parts;
  if (typeof delimiter !== 'string' || !Array.isArray(parts)) throw refuse(JOIN);
  return parts
    .map((part: unknown) => {
      const text = asText(part);
      if (text === undefined) throw refuse(JOIN);
      return text;
    })
    .join(delimiter);
}

function split(argument: unknown, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length !== 2) throw refuse(SPLIT);
  const delimiter = resolve(argument[0], scope);
  const text = asText(resolve(argument[1], scope));
  if (typeof delimiter !== 'string' || delimiter === '' || text === undefined) throw refuse(SPLIT);
  return text.includes(KNOWN_AFTER_APPLY) ? KNOWN_AFTER_APPLY : text.split(delimiter);
}

function select(argument: unknown, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length !== 2) throw refuse(SELECT);
  const index = asText(resolve(argument[0], scope));
  const list = resolve(argument[1], scope);
  if (list === KNOWN_AFTER_APPLY) return list;
  if (index === undefined || !/^\d+$/.test(index) || !Array.isArray(list)) throw refuse(SELECT);
  const value: unknown = list[Number(index)];
  if (value === undefined)
    throw refuse(`Template error: Fn::Select  cannot select nonexistent value at index ${index}`);
  return value;
}

function sub(argument: unknown, scope: Scope): unknown {
  const [text, given] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
  if (typeof text !== 'string' || !isObject(given)) {
    throw refuse(
      "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    );
  }
  return text.replace(/\$\{(!?)([^{}]*)\}/g, (_, literal: string, inner: string) => {
    if (literal) return `\${${inner}}`;
    const name = inner.trim();
    const dot = name.indexOf('.');
    const value = Object.hasOwn(given, name)
      ? resolve(given[name], scope)
      : dot > 0
        ? scope.attribute(name.slice(0, dot), name.slice(dot + 1))
        : ref(name, scope);
    const out = asText(value);
    if (out === undefined) {
      throw refuse(`Template error: Fn::Sub variable ${name} must resolve to a string, number or boolean`);
    }
    return out;
  });
}

function findInMap(argument: unknown, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length < 3) throw refuse(FIND_IN_MAP);
  const [map, first, second] = argument.slice(0, 3).map((part: unknown) => asText(resolve(part, scope)));
  if (map === undefined || first === undefined || second === undefined) throw refuse(FIND_IN_MAP);
  const value = scope.mappings[map]?.[first]?.[second];
  if (value !== undefined) return value;
  const fallback: unknown = argument[3];
  if (isObject(fallback) && 'DefaultValue' in fallback) {
    if (!scope.languageExtensions) throw refuse(FIND_IN_MAP);
    return resolve(fallback.DefaultValue, scope);
  }
  if (!(map in scope.mappings)) {
    throw refuse(
      `Template error: Mapping named '${map}' is not present in the 'Mappings' section of template.`,
    );
  }
  throw refuse(`Template error: Unable to get mapping for ${map}::${first}::${second}`);
}

/** The truth of a condition: its name, or one of the condition functions. */
export function truth(value: unknown, scope: Scope, named: (name: string) => boolean): boolean {
  const call = intrinsic(value);
  if (!call) throw refuse('Template format error: Every Condition must be a condition function.');
  const list = Array.isArray(call.argument) ? (call.argument as unknown[]) : [];
  switch (call.name) {
    case 'Condition':
      return named(String(call.argument));
    case 'Fn::Equals': {
      if (list.length !== 2) {
        throw refuse('Template error: every Fn::Equals object requires a list of 2 string parameters.');
      }
      const [left, right] = list.map((each) => {
        const resolved = resolve(each, scope);
        return asText(resolved) ?? JSON.stringify(resolved);
      });
      return left === right;
    }
    case 'Fn::Not':
      if (list.length !== 1) {
        throw refuse('Template error: every Fn::Not object requires one boolean parameter.');
      }
      return !truth(list[0], scope, named);
    case 'Fn::And':
    case 'Fn::Or':
      if (list.length < 2 || list.length > 10) {
        throw refuse(
          `Template error: every ${call.name} object requires a list of at least 2 and at most 10 boolean parameters.`,
        );
      }
      return call.name === 'Fn::And'
        ? list.every((each) => truth(each, scope, named))
        : list.some((each) => truth(each, scope, named));
    default:
      throw refuse(`Template error: ${call.name} cannot be used as a condition.`);
  }
}

function choose(argument: unknown, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string') {
    throw refuse('Template error: Fn::If requires a list argument with three elements');
  }
  const taken = scope.conditions[argument[0]];
  if (taken === undefined) {
    throw refuse(`Template error: unresolved condition dependency ${argument[0]} in Fn::If`);
  }
  return resolve(taken ? argument[1] : argument[2], scope);
}

function extension(name: string, scope: Scope): void {
  if (!scope.languageExtensions) {
    throw refuse(
      `Template format error: Unresolved function ${name}: it needs Transform AWS::LanguageExtensions`,
    );
  }
}

function call(name: string, argument: unknown, scope: Scope): unknown {
  switch (name) {
    case 'Ref':
      return ref(argument, scope);
    case 'Fn::GetAtt': {
      const parts = getAttParts(argument);
      const attribute = parts && asText(resolve(parts.attribute, scope));
      if (!parts || attribute === undefined) {
        throw refuse(
          'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
        );
      }
      return scope.attribute(parts.to, attribute);
    }
    case 'Fn::Join':
      return join(argument, scope);
    case 'Fn::Split':
      return split(argument, scope);
    case 'Fn::Select':
      return select(argument, scope);
    case 'Fn::Sub':
      return sub(argument, scope);
    case 'Fn::If':
      return choose(argument, scope);
    case 'Fn::FindInMap':
      return findInMap(argument, scope);
    case 'Fn::Base64': {
      const text = asText(resolve(argument, scope));
      if (text === undefined)
        throw refuse('Template error: every Fn::Base64 object must have a String-typed value.');
      return text === KNOWN_AFTER_APPLY ? text : Buffer.from(text).toString('base64');
    }
    case 'Fn::GetAZs': {
      const region = asText(resolve(argument, scope));
      return [...scope.zones(region || scope.region)];
    }
    case 'Fn::ImportValue': {
      const exported = asText(resolve(argument, scope));
      if (exported === undefined)
        throw refuse(
          'Template error: the attribute in Fn::ImportValue must be a string or a function that returns a string',
        );
      return exported === KNOWN_AFTER_APPLY ? exported : scope.exported(exported);
    }
    case 'Fn::Cidr': {
      const [block, count, bits] = Array.isArray(argument)
        ? argument.map((part: unknown) => asText(resolve(part, scope)))
        : [];
      if (block === KNOWN_AFTER_APPLY) return block;
      if (block === undefined || count === undefined) {
        throw refuse(
          'Template error: every Fn::Cidr object requires two or three parameters, the ipBlock, the count and the cidrBits',
        );
      }
      return cidrBlocks(block, Number(count), bits === undefined ? undefined : Number(bits));
    }
    case 'Fn::Length': {
      extension(name, scope);
      const list = resolve(argument, scope);
      if (list === KNOWN_AFTER_APPLY) return list;
      if (!Array.isArray(list)) throw refuse('Template error: Fn::Length needs a list.');
      return list.length;
    }
    case 'Fn::ToJsonString':
      extension(name, scope);
      return JSON.stringify(resolve(argument, scope));
    default:
      throw notImplemented(`CloudFormation ${name}`);
  }
}

/** A value of a template with all intrinsics done. `AWS::NoValue` takes its property or list element away. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((each: unknown) => resolve(each, scope)).filter((each) => each !== NO_VALUE);
  }
  if (!isObject(value)) return value;
  const found = intrinsic(value);
  // "Condition" alone is a condition only within conditions: a policy statement has one too.
  if (found && found.name !== 'Condition') return call(found.name, found.argument, scope);
  const out: JsonObject = {};
  for (const [key, each] of Object.entries(value)) {
    const resolved = resolve(each, scope);
    if (resolved !== NO_VALUE) out[key] = resolved;
  }
  return out;
}

export function isPseudoParameter(name: string): boolean {
  return PSEUDO_PARAMETERS.has(name);
}
