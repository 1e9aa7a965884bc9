import { arn as buildArn, type Call } from '../../kernel';
import { invalid, notFound } from './errors';
import type { Place } from './place';
import { type Alias, type FunctionVersion, type LambdaStore, lambdaStore, versionKey } from './store';

export interface FunctionName {
  name: string;
  /** As the caller gave it: in the name or beside it. */
  qualifier?: string;
}

type Where = Pick<Call, 'account' | 'region'>;

export function functionArn(place: Where, name: string, qualifier?: string): string {
  return buildArn(
    'lambda',
    place.region,
    place.account,
    `function:${name}${qualifier ? `:${qualifier}` : ''}`,
  );
}

/**
 * Takes a function's name apart: `name`, `name:qualifier`, `account:function:name`, or an ARN with or without
 * qualifier.
 */
export function parseFunctionName(text: string, call: Where, qualifier?: string): FunctionName {
  const parts = text.split(':');
  let name: string;
  let inName: string | undefined;
  const at = parts.indexOf('function');
  if (at >= 0 && parts.length > at + 1) {
    name = parts[at + 1]!;
    inName = parts[at + 2];
    const account = parts[at - 1];
    const region = parts[0] === 'arn' ? parts[3] : undefined;
    if (region && region !== call.region) {
      throw notFound(`Functions from '${region}' are not reachable in this region ('${call.region}')`);
    }
    if (account && account !== call.account) {
      throw notFound(`Function not found: ${text}`);
    }
  } else {
    name = parts[0]!;
    inName = parts[1];
  }
  if (inName !== undefined && qualifier !== undefined && inName !== qualifier) {
    throw invalid('The derived qualifier from the function name does not match the specified qualifier.');
  }
  const given = inName ?? qualifier;
  return given === undefined ? { name } : { name, qualifier: given };
}

export const isVersionNumber = (qualifier: string) => /^\d+$/.test(qualifier);

export interface Resolved {
  version: FunctionVersion;
  alias?: Alias;
  /** The ARN as the caller asked for it. */
  arn: string;
}

/** The version that a name leads to; through an alias, always its main one. */
export function resolveFunction(text: string, call: Call, qualifier?: string): Resolved {
  const store = lambdaStore(call.store);
  const parsed = parseFunctionName(text, call, qualifier);
  const arn = functionArn(call, parsed.name, parsed.qualifier);
  const found = findVersion(store, parsed);
  if (!found) throw notFound(`Function not found: ${arn}`);
  return { ...found, arn };
}

export function findVersion(
  store: LambdaStore,
  { name, qualifier }: FunctionName,
): { version: FunctionVersion; alias?: Alias } | undefined {
  if (qualifier === undefined || qualifier === '$LATEST' || isVersionNumber(qualifier)) {
    // A version "0" would be $LATEST's place in the store.
    if (qualifier === '0') return undefined;
    const version = store.versions.get(versionKey(name, qualifier ?? '$LATEST'));
    return version && { version };
  }
  const alias = store.aliases.get([name, qualifier]);
  const version = alias && store.versions.get(versionKey(name, alias.functionVersion));
  return version && { version, alias };
}

/** The function as a whole; fails as most operations do when it does not exist. */
export function requireFunction(text: string, call: Call): { name: string; arn: string } {
  const { name } = parseFunctionName(text, call);
  const arn = functionArn(call, name);
  if (!lambdaStore(call.store).functions.has(name)) throw notFound(`Function not found: ${arn}`);
  return { name, arn };
}

/** Through an alias with weights each invocation draws: https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html */
export function chooseVersion(
  found: { version: FunctionVersion; alias?: Alias },
  place: Place,
): FunctionVersion {
  const [other] = Object.entries(found.alias?.weights ?? {});
  if (!other) return found.version;
  const [version, weight] = other;
  const draw = Number.parseInt(place.host.ids.hex(8), 16) / 0x1_0000_0000;
  if (draw >= weight) return found.version;
  return place.store.versions.get(versionKey(found.version.functionName, version)) ?? found.version;
}
