import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { decide } from '../../identity/policies';
import { compiledOnce } from '../deployed';
import type { Exchange } from '../exchange';
import { authorizerMisconfigured, notAuthorized } from '../faults';
import { javaMap } from '../log';
import { identityValue } from '../mapping';
import { callersContext, policyDecision } from '../stages/resource-policy';
import { authorizerOf } from './authorizer';
import { invokeAuthorizer, refused } from './invoke';
import { authorizerEvent } from './lambda-event';
import { methodArn } from './method-arn';
import { authorizerResults } from './results';
import { Nonsense, readVerdict, type Verdict } from './verdict';

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html */
const DEFAULT_TTL = 300;

/**
 * Asks a function who may call. Its policy is remembered for as long as the authorizer says, for all of the stage's
 * methods, and held against each of them.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export async function lambda(exchange: Exchange): Promise<void> {
  const { verdict, millis } = await ask(exchange, authorizerOf(exchange));
  const { context, principalId, usageIdentifierKey } = verdict;
  exchange.authorizer = { principalId, context, usageIdentifierKey, integrationLatency: millis };
  checkPolicy(exchange, verdict);
}

/** What the authorizer says of a caller, now or a while ago. */
export async function ask(
  exchange: Exchange,
  authorizer: Authorizer,
): Promise<{ verdict: Verdict; millis: number }> {
  const { deployed, host, log, requestId, testedBy } = exchange;
  log?.add(`Starting authorizer: ${authorizer.id} for request: ${requestId}`);
  const identity = identityFor(exchange, authorizer);
  const ttl = testedBy ? 0 : (authorizer.authorizerResultTtlInSeconds ?? DEFAULT_TTL) * 1000;
  const results = authorizerResults(host);
  const at = `${deployed.snapshot.apiId}/${deployed.stage.stageName}/${authorizer.id}`;
  const key = `${at}/${JSON.stringify(identity)}`;
  const started = host.clock.millis();
  const known = ttl > 0 ? results.get(key, started) : undefined;
  if (known) return { verdict: known, millis: 0 };
  const payload = await invokeAuthorizer(
    exchange,
    authorizer,
    authorizerEvent(exchange, authorizer, identity),
  );
  const verdict = read(payload);
  log?.add(`Using valid authorizer policy for principal: ${masked(verdict.principalId)}`);
  log?.add('Successfully completed authorizer execution');
  const now = host.clock.millis();
  if (ttl > 0) results.put(key, verdict, now + ttl);
  return { verdict, millis: now - started };
}

function read(payload: string): Verdict {
  try {
    return readVerdict(payload);
  } catch (error) {
    throw error instanceof Nonsense ? authorizerMisconfigured(error.message) : error;
  }
}

/** What the identity sources give. Whoever does not say who they are is not asked about. */
function identityFor(exchange: Exchange, authorizer: Authorizer): string[] {
  const sources = authorizer.identitySource?.split(',').map((source) => source.trim()) ?? [];
  const given = sources.map((source) => identityValue(exchange, source) ?? '');
  if (exchange.log) {
    const told = Object.fromEntries(sources.map((source, index) => [source, masked(given[index] ?? '')]));
    exchange.log.add(
      `Incoming identity: ${authorizer.type === 'TOKEN' ? masked(given[0] ?? '') : javaMap(told)}`,
    );
  }
  if (given.includes('') || !isValid(exchange, authorizer, given[0] ?? '')) throw refused(exchange);
  return given;
}

/** The whole of a token must be as the authorizer's expression says. */
function isValid({ deployed }: Exchange, authorizer: Authorizer, token: string): boolean {
  const { id, identityValidationExpression: text, type } = authorizer;
  if (type !== 'TOKEN' || !text) return true;
  return compiledOnce(deployed, `authorizer ${id}`, () => new RegExp(`^(?:${text})$`)).test(token);
}

function checkPolicy(exchange: Exchange, { policy, principalId }: Verdict): void {
  const caller = { type: 'user' as const, account: '', arn: principalId, userId: principalId };
  const decision = decide(
    {
      caller,
      action: 'execute-api:Invoke',
      resource: methodArn(exchange),
      context: callersContext(exchange),
    },
    { identity: [policy] },
    { account: '', policy: 'sufficient' },
  );
  if (decision.allowed) return;
  // What it does not speak of the API's own policy may allow.
  if (!('explicit' in decision) && policyDecision(exchange)?.allowed) return;
  exchange.log?.add('The client is not authorized to perform this operation.');
  throw notAuthorized(
    'explicit' in decision
      ? 'User is not authorized to access this resource with an explicit deny in an identity-based policy'
      : 'User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action',
  );
}

const masked = (text: string): string => '*'.repeat(Math.max(0, text.length - 6)) + text.slice(-6);
