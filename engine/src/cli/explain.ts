import type { Explained } from '../cloud/explain';
import type { ConsideredPolicy, Explanation } from '../identity/decisions';
import type { DecisionEvent } from '../observe';
import { cdkStatement } from './cdk';
import type { EngineCard } from './engine-card';
import { CliError } from './errors';

const LAYER = {
  identity: 'identity',
  resource: 'resource',
  boundary: 'boundary',
  session: 'session',
  endpoint: 'VPC endpoint',
} as const;
const OUTCOME = { allowed: 'Allowed', refused: 'Refused', 'would-refuse': 'AWS would refuse' } as const;

/** Asks a running engine why a request was allowed or refused. */
export async function fetchExplained(engine: EngineCard, requestId: string): Promise<Explained> {
  const response = await fetch(`${engine.endpoint}/_tierkit/explain?id=${encodeURIComponent(requestId)}`);
  const explained = (await response.json()) as Explained;
  if (explained.decisions.length === 0) throw new CliError(nothing(requestId, explained));
  return explained;
}

/** Asks for the latest refusals, the last one last. */
export async function fetchRefusals(engine: EngineCard): Promise<DecisionEvent[]> {
  const response = await fetch(`${engine.endpoint}/_tierkit/explain`);
  return (await response.json()) as DecisionEvent[];
}

/** Why there is nothing to say. */
function nothing(requestId: string, { iam, request }: Explained): string {
  if (request?.type === 'request') {
    const { service, operation, status, error, message } = request;
    const what = `Nobody's policies were asked about ${service}:${operation} (${status})`;
    if (error) return `${what}: ${error}: ${message}`;
    return iam === 'off'
      ? `${what}: the engine runs with --iam off.`
      : `${what}: the account's administrator (test/test) called, who may do everything.`;
  }
  if (request)
    return `No call of AWS that ${request.method} ${request.path} led to was held against policies.`;
  const off = iam === 'off' ? ' The engine runs with --iam off.' : '';
  return `No decision about the request ${requestId} is remembered: the engine keeps the last 10,000, and 1,000 refusals, since it was started.${off}`;
}

const LINES = 20;

/** The latest refusals for a person, a line each. */
export function formatRefusals(refusals: readonly DecisionEvent[], iam: string): string {
  if (refusals.length === 0) {
    return iam === 'off'
      ? 'The engine runs with --iam off: callers are not held against their policies.'
      : 'Nothing was refused since the engine was started.';
  }
  const lines = refusals
    .slice(-LINES)
    .map(
      ({ at, requestId, action, resource, principal, role, outcome }) =>
        `${time(at)} ${requestId} ${outcome === 'refused' ? '' : 'AWS would refuse '}${action} on ${resource} to ${shortName(role ?? principal)}`,
    );
  return [...lines, 'tierkit explain ID says why, and which statement is missing.'].join('\n');
}

/** Decisions for a person: of many, those that were allowed a line each. */
export function formatExplained({ request, decisions }: Explained): string {
  const head =
    request?.type === 'http'
      ? [
          `${time(request.at)} ${request.status} ${request.method} ${request.path} (${request.target}) led to:`,
        ]
      : [];
  const brief = decisions.length > 3 || head.length > 0;
  const texts = decisions.map((decision) => {
    if (brief && decision.outcome === 'allowed') return line(decision);
    return brief ? `\n${full(decision)}\n` : full(decision);
  });
  return [...head, ...texts].join(brief ? '\n' : '\n\n').trimEnd();
}

const line = ({ at, action, resource, because }: Explanation): string =>
  `Allowed  ${time(at)} ${action} on ${resource}: ${because}`;

function full(decision: Explanation): string {
  const { at, requestId, within, principal, role, via, action, resource, because, considered, advice } =
    decision;
  const facts = [
    ['request', within ? `${requestId}, which served ${within}` : requestId],
    ['caller', via.length > 0 ? `${principal} by way of ${via.join(', ')}` : principal],
    ...(role ? [['role', role]] : []),
    ['action', action],
    ['resource', resource],
    ['because', because],
  ];
  return [
    `${OUTCOME[decision.outcome]}  ${time(at)}`,
    ...facts.map(([name = '', value = '']) => `  ${name.padEnd(9)} ${value}`),
    '',
    '  Considered',
    ...(considered.length === 0 ? ['    no policy: the caller has none'] : considered.flatMap(policy)),
    ...(advice ? ['', `  ${advice.text}`] : []),
    ...(advice?.grant ? [`    ${cdkStatement(advice.grant, '    ')}`] : []),
    ...(advice?.note ? [`  ${advice.note}`] : []),
  ].join('\n');
}

function policy({ layer, policy, statements, others }: ConsideredPolicy): string[] {
  const more =
    others > 0
      ? [
          `      ${others} ${statements.length > 0 ? 'more ' : ''}${others === 1 ? 'statement' : 'statements'} about other actions`,
        ]
      : [];
  return [
    `    ${LAYER[layer]}: ${policy}`,
    ...statements.map(
      ({ statement, effect, result, decided }) =>
        `      ${decided ? '▸' : ' '} statement ${statement} (${effect}): ${result}`,
    ),
    ...more,
  ];
}

const time = (at: number): string => new Date(at).toISOString().slice(11, 23);
export const shortName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
