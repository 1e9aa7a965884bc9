import type { PolicyStatement } from '../../kernel/policy-document';
import type { Policy } from '../policies';
import { arnPieces, compile, compileText, piecesOf } from '../policies/pattern';
import type { Grant } from './smallest';
import type { UsesOfOne } from './uses';

/** An element of a statement, and what it was used for. */
export interface Granted {
  /** As the statement says it: `dynamodb:*`. */
  name: string;
  used: string[];
  /** Whether a use could not have been seen here. */
  unseen: boolean;
}

/** A statement that allows, and what was used of it. */
export interface GrantUse {
  policy: string;
  statement: string | number;
  actions: Granted[];
  resources: Granted[];
}

/** What was granted, statement by statement. */
export function grantUses(
  policies: readonly Policy[],
  uses: UsesOfOne,
  isKnown: (service: string) => boolean,
): GrantUse[] {
  const pairs = Object.entries(uses).flatMap(([action, resources]) =>
    Object.keys(resources).map((resource) => ({ action, resource })),
  );
  return policies.flatMap((policy) =>
    policy.statements
      .filter(({ effect }) => effect === 'Allow')
      .map(({ source, sid, index }) => ({
        policy: policy.name,
        statement: sid || index,
        ...useOf(source, pairs, isKnown),
      })),
  );
}

interface Pair {
  action: string;
  resource: string;
}

function useOf(source: PolicyStatement, pairs: readonly Pair[], isKnown: (service: string) => boolean) {
  const actions = elementsOf(source.Action, source.NotAction, actionMatcher);
  const resources = elementsOf(source.Resource, source.NotResource, resourceMatcher);
  const means = (pair: Pair) => actions.some(({ matches }) => matches(pair.action));
  const isOn = (pair: Pair) => resources.some(({ matches }) => matches(pair.resource));
  const used = pairs.filter((pair) => means(pair) && isOn(pair));
  return {
    actions: actions.map(({ name, matches }) => ({
      name,
      used: distinct(used.map(({ action }) => action).filter(matches)),
      unseen: isUnseen(name, isKnown),
    })),
    resources: resources.map(({ name, matches }) => ({
      name,
      used: distinct(used.map(({ resource }) => resource).filter(matches)),
      unseen: false,
    })),
  };
}

interface Element {
  name: string;
  matches(text: string): boolean;
}

function elementsOf(
  named: string | string[] | undefined,
  excepted: string | string[] | undefined,
  matcher: (text: string) => (text: string) => boolean,
): Element[] {
  if (named !== undefined) return [named].flat().map((name) => ({ name, matches: matcher(name) }));
  const but = [excepted ?? []].flat();
  const excepts = but.map(matcher);
  return [
    { name: `all but ${but.join(', ')}`, matches: (text) => !excepts.some((matches) => matches(text)) },
  ];
}

function actionMatcher(name: string) {
  const pattern = compileText(name.toLowerCase());
  return (action: string) => pattern.matches(action.toLowerCase());
}

/** What a variable stood for is not known any more: it may have been anything. */
function resourceMatcher(name: string) {
  const pieces = piecesOf(name.replace(/\$\{[^}]*\}/g, '*'));
  const pattern = compile(name.startsWith('arn:') ? arnPieces(pieces) : pieces);
  return (resource: string) => pattern.matches(resource);
}

/** What Lambda does with a function's role to lead it into a VPC. */
const NETWORK_INTERFACES =
  /^ec2:((create|describe|delete)networkinterfaces?|describesubnets|(un)?assignprivateipaddresses)$/i;

/** What it does to send traces: of those invocations that are sampled, so that it may well not be seen. */
const TRACES = /^xray:(puttracesegments|puttelemetryrecords)$/i;

/**
 * Actions whose use cannot be seen here: of services that are not there, and what AWS does by itself with a role where
 * the engine has no need to. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 * https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
function isUnseen(action: string, isKnown: (service: string) => boolean): boolean {
  const service = action.split(':')[0]?.toLowerCase() ?? '';
  if (NETWORK_INTERFACES.test(action) || TRACES.test(action)) return true;
  return /^[a-z0-9-]+$/.test(service) && !isKnown(service);
}

/** What was granted and not seen used, but may be needed on AWS. */
export function unseenGrants(granted: readonly GrantUse[]): Grant[] {
  return granted.flatMap(({ actions, resources }) => {
    const unseen = actions.filter(({ used, unseen }) => unseen && used.length === 0);
    return unseen.length > 0
      ? [{ actions: unseen.map(({ name }) => name), resources: resources.map(({ name }) => name) }]
      : [];
  });
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
