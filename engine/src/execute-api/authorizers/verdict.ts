import { type Policy, PolicyCache } from '../../identity/policies';

/** What a Lambda authorizer answered. */
export interface Verdict {
  principalId: string;
  /** As it was given. */
  policyText: string;
  policy: Policy;
  context: Readonly<Record<string, string>>;
  usageIdentifierKey: string | undefined;
}

/** An answer that makes no sense, and why. */
export class Nonsense extends Error {}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_ANSWER = 8 * 1024;

const MEMBERS: ReadonlySet<string> = new Set([
  'context',
  'policyDocument',
  'principalId',
  'usageIdentifierKey',
]);

/** Functions answer with the same policies again and again. */
const compiled = new PolicyCache();

/**
 * Reads a function's answer. Members that API Gateway does not know make it as useless as missing ones.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function readVerdict(payload: string): Verdict {
  if (Buffer.byteLength(payload) > MAX_ANSWER) throw new Nonsense('Authorizer result is larger than 8 KB');
  const answer = objectOf(payload);
  for (const member of Object.keys(answer)) {
    if (!MEMBERS.has(member))
      throw new Nonsense(
        `Invalid JSON in response: Unrecognized field "${member}" , not marked as ignorable`,
      );
  }
  const principalId = textOf(answer.principalId);
  if (principalId === undefined) throw new Nonsense('Authorizer result has no principalId');
  const policyText = JSON.stringify(answer.policyDocument ?? null);
  return {
    principalId,
    policyText,
    policy: policyOf(policyText),
    context: contextOf(answer.context),
    usageIdentifierKey: textOf(answer.usageIdentifierKey),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectOf(payload: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    value = undefined;
  }
  if (!isObject(value)) throw new Nonsense(`Invalid JSON in response: ${payload}`);
  return value;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function policyOf(text: string): Policy {
  try {
    return compiled.get('authorizer', 'identity', text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Nonsense(`Invalid policy document: ${text}: ${why}`);
  }
}

/** Texts, numbers and booleans, all of which are text from here on. */
function contextOf(given: unknown): Record<string, string> {
  if (given === undefined || given === null) return {};
  if (!isObject(given)) throw new Nonsense('Authorizer context is no map');
  const context: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null) continue;
    if (typeof value === 'object')
      throw new Nonsense(`Authorizer context holds an object or an array under "${name}"`);
    context[name] = String(value);
  }
  return context;
}
