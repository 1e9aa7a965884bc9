import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import fc from 'fast-check';
import { Context, decide, Policy } from '../../src/identity/policies';
import { type PolicyKind, parsePolicy } from '../../src/kernel/policy-document';
import { type Case, cases, type Document } from './oracle/cases';
import { type Answer, isKnown } from './oracle/differences';

// Two readings of AWS's documentation, made by two parties, are held against each other.

function ours(one: Case, ignored: readonly string[]): Answer {
  const policy = (document: Document, kind: PolicyKind) =>
    new Policy('P', parsePolicy(JSON.stringify(document), kind));
  const context = new Context();
  for (const [key, value] of Object.entries(one.context)) if (!ignored.includes(key)) context.set(key, value);
  const { caller, action, resource, identity, resourcePolicy, boundary, session } = one;
  const decision = decide(
    { caller, action, resource, context },
    {
      identity: identity.map((document) => policy(document, 'identity')),
      ...(resourcePolicy ? { resource: policy(resourcePolicy, 'resource') } : {}),
      ...(boundary ? { boundary: policy(boundary, 'identity') } : {}),
      ...(session ? { session: [policy(session, 'identity')] } : {}),
    },
    { account: one.account, policy: one.rule },
  );
  if (decision.allowed) return 'Allowed';
  return 'explicit' in decision ? 'ExplicitlyDenied' : 'ImplicitlyDenied';
}

interface Theirs {
  answer: Answer;
  /** Keys that it knows a request of this action not to have. */
  ignored: readonly string[];
}

async function theirs(one: Case): Promise<Theirs> {
  const named = (policy: Document, i: number) => ({ name: `P${i}`, policy });
  const found = await runSimulation(
    {
      request: {
        principal: one.caller.arn,
        action: one.action,
        resource: { resource: one.resource, accountId: one.account },
        contextVariables: one.context,
      },
      identityPolicies: one.identity.map(named),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: one.resourcePolicy,
      ...(one.boundary ? { permissionBoundaryPolicies: [named(one.boundary, 0)] } : {}),
      sessionPolicy: one.session,
    },
    {},
  );
  if (found.resultType !== 'single') throw new Error(JSON.stringify({ found, one }));
  return { answer: found.overallResult, ignored: found.result.ignoredContextKeys ?? [] };
}

const COUNT = 3000;

test(`${COUNT} generated requests are decided as iam-simulate decides them`, async () => {
  const answers: Record<Answer, number> = { Allowed: 0, ExplicitlyDenied: 0, ImplicitlyDenied: 0 };
  const disagreements: object[] = [];
  for (const one of fc.sample(cases, { numRuns: COUNT, seed: 5 })) {
    const { answer: them, ignored } = await theirs(one);
    const us = ours(one, ignored);
    answers[us] += 1;
    if (us !== them && !isKnown(one, us, them)) disagreements.push({ us, them, one });
  }
  expect(JSON.stringify(disagreements[0], null, 1)).toBeUndefined();
  // All kinds of answers come up often enough for the agreement to mean something.
  for (const count of Object.values(answers)) expect(count).toBeGreaterThan(COUNT / 20);
}, 120_000);

test('the engine knows nothing of what it is held against', () => {
  const sources = readdirSync(join(__dirname, '..', '..', 'src'), { recursive: true, withFileTypes: true });
  for (const entry of sources) {
    if (!entry.isFile()) continue;
    expect(readFileSync(join(entry.parentPath, entry.name), 'utf8')).not.toContain('cloud-copilot');
  }
  const shipped: unknown = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'));
  expect(JSON.stringify(shipped)).not.toContain('cloud-copilot');
});
