import { Context, type Decision, decide, type Layers, Policy, refusal } from '../../src/identity/policies';
import type { Principal as Caller } from '../../src/kernel';
import { type PolicyDocument, parsePolicy } from '../../src/kernel/policy-document';

const ACCOUNT = '111111111111';
const OTHER = '222222222222';
const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/T`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/R`;

const session: Caller = {
  type: 'assumed-role',
  account: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/R/s`,
  userId: 'AROAEXAMPLE:s',
  roleArn: ROLE,
};
const root: Caller = { type: 'root', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT };
const stranger: Caller = { type: 'anonymous', account: ACCOUNT, arn: 'anonymous', userId: 'anonymous' };
const foreigner: Caller = {
  type: 'user',
  account: OTHER,
  arn: `arn:aws:iam::${OTHER}:user/U`,
  userId: 'AIDAOTHER',
};

type Statement = PolicyDocument['Statement'][number];
const policy = (statement: Partial<Statement>, kind: 'identity' | 'resource' = 'identity') =>
  new Policy(
    'P',
    parsePolicy(
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] }),
      kind,
    ),
  );
const may = (action: string, resource = '*', more: Partial<Statement> = {}) =>
  policy({ Action: action, Resource: resource, ...more });
const grants = (Principal: unknown, action = '*', more: Partial<Statement> = {}) =>
  policy({ Action: action, Resource: '*', Principal, ...more }, 'resource');

interface Asked extends Partial<Layers> {
  caller?: Caller;
  context?: Context;
  policyOf?: 'sufficient' | 'required';
}

const request = (asked: Asked) => ({
  caller: asked.caller ?? session,
  action: 'dynamodb:GetItem',
  resource: TABLE,
  context: asked.context ?? new Context(),
});
const ask = (asked: Asked): Decision =>
  decide(
    request(asked),
    { identity: [], ...asked },
    { account: ACCOUNT, policy: asked.policyOf ?? 'sufficient' },
  );
const sentence = (asked: Asked) => {
  const decision = ask(asked);
  return decision.allowed ? 'allowed' : refusal(request(asked), decision);
};
const REFUSED = `User: ${session.arn} is not authorized to perform: dynamodb:GetItem on resource: ${TABLE}`;

describe('within an account', () => {
  test('nothing is allowed that no policy allows', () => {
    expect(sentence({})).toBe(
      `${REFUSED} because no identity-based policy allows the dynamodb:GetItem action`,
    );
  });

  test('actions have no case and take wildcards', () => {
    for (const action of [
      'dynamodb:GetItem',
      'DYNAMODB:getitem',
      'dynamodb:Get*',
      'dynamodb:*',
      '*',
      'dynamodb:G?tItem',
    ])
      expect(ask({ identity: [may(action)] }).allowed).toBe(true);
    expect(ask({ identity: [may('dynamodb:Get')] }).allowed).toBe(false);
    expect(ask({ identity: [may('s3:GetItem')] }).allowed).toBe(false);
  });

  test('NotAction and NotResource mean all others', () => {
    expect(ask({ identity: [policy({ NotAction: 'iam:*', Resource: '*' })] }).allowed).toBe(true);
    expect(ask({ identity: [policy({ NotAction: 'dynamodb:*', Resource: '*' })] }).allowed).toBe(false);
    expect(ask({ identity: [policy({ Action: '*', NotResource: TABLE })] }).allowed).toBe(false);
    expect(ask({ identity: [policy({ Action: '*', NotResource: `${TABLE}/index/*` })] }).allowed).toBe(true);
  });

  test('a denial wins over everything, the root user too', () => {
    const denial = may('dynamodb:GetItem', TABLE, { Effect: 'Deny' });
    expect(sentence({ identity: [may('*'), denial] })).toBe(
      `${REFUSED} with an explicit deny in an identity-based policy`,
    );
    const resource = grants('*', 'dynamodb:*', { Effect: 'Deny' });
    expect(sentence({ identity: [may('*')], resource })).toBe(
      `${REFUSED} with an explicit deny in a resource-based policy`,
    );
    expect(ask({ caller: root, resource }).allowed).toBe(false);
    expect(ask({ caller: root }).allowed).toBe(true);
  });

  test('the policy of the resource suffices', () => {
    expect(ask({ resource: grants({ AWS: ROLE }) }).allowed).toBe(true);
    expect(ask({ resource: grants({ AWS: session.arn }) }).allowed).toBe(true);
    expect(ask({ resource: grants({ AWS: `${ROLE}2` }) }).allowed).toBe(false);
  });

  test('one that names the account only leaves it to the identity', () => {
    const resource = grants({ AWS: root.arn });
    expect(ask({ resource }).allowed).toBe(false);
    expect(ask({ resource, identity: [may('dynamodb:*')] }).allowed).toBe(true);
  });

  test('a boundary limits, and grants nothing', () => {
    const boundary = may('s3:*');
    expect(sentence({ identity: [may('*')], boundary })).toBe(
      `${REFUSED} because no permissions boundary allows the dynamodb:GetItem action`,
    );
    expect(ask({ boundary: may('*') }).allowed).toBe(false);
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic
    expect(ask({ boundary, resource: grants({ AWS: ROLE }) }).allowed).toBe(false);
    expect(ask({ boundary, resource: grants({ AWS: session.arn }) }).allowed).toBe(true);
  });

  test('a session policy limits, and grants nothing', () => {
    expect(sentence({ identity: [may('*')], session: [may('s3:*')] })).toBe(
      `${REFUSED} because no session policy allows the dynamodb:GetItem action`,
    );
    expect(ask({ identity: [may('*')], session: [may('dynamodb:GetItem')] }).allowed).toBe(true);
    expect(ask({ session: [may('*')] }).allowed).toBe(false);
  });

  test('a key’s policy must allow, whoever asks', () => {
    const policyOf = 'required';
    expect(sentence({ policyOf, identity: [may('*')] })).toBe(
      `${REFUSED} because no resource-based policy allows the dynamodb:GetItem action`,
    );
    expect(ask({ policyOf, identity: [may('*')], resource: grants({ AWS: root.arn }) }).allowed).toBe(true);
    expect(ask({ policyOf, resource: grants({ AWS: root.arn }) }).allowed).toBe(false);
    expect(ask({ policyOf, resource: grants({ AWS: ROLE }) }).allowed).toBe(true);
    expect(ask({ policyOf, caller: root }).allowed).toBe(false);
  });
});

describe('across accounts', () => {
  test('both sides must allow', () => {
    const identity = [may('dynamodb:*')];
    const resource = grants({ AWS: OTHER });
    expect(ask({ caller: foreigner, identity, resource }).allowed).toBe(true);
    expect(ask({ caller: foreigner, identity })).toEqual({ allowed: false, missing: 'resource' });
    expect(ask({ caller: foreigner, resource })).toEqual({ allowed: false, missing: 'identity' });
    expect(ask({ caller: foreigner, resource: grants({ AWS: foreigner.arn }) }).allowed).toBe(false);
  });
});

describe('callers without policies', () => {
  test('a stranger comes in where everyone may', () => {
    expect(ask({ caller: stranger }).allowed).toBe(false);
    expect(ask({ caller: stranger, resource: grants('*') }).allowed).toBe(true);
    expect(ask({ caller: stranger, resource: grants({ AWS: root.arn }) }).allowed).toBe(false);
  });

  test('a service comes in by its name', () => {
    const caller: Caller = {
      type: 'service',
      account: ACCOUNT,
      arn: 'apigateway.amazonaws.com',
      userId: 'apigateway.amazonaws.com',
    };
    const resource = grants({ Service: 'apigateway.amazonaws.com' }, '*', {
      Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:execute-api:*:${ACCOUNT}:api/*` } },
    });
    const from = (arn: string) => new Context().set('aws:SourceArn', arn);
    const api = (id: string) => from(`arn:aws:execute-api:eu-west-1:${ACCOUNT}:${id}/v1/GET/x`);
    expect(ask({ caller, resource, context: api('api') }).allowed).toBe(true);
    expect(ask({ caller, resource, context: api('other') }).allowed).toBe(false);
    expect(ask({ caller, resource }).allowed).toBe(false);
    expect(ask({ caller, resource: grants({ Service: 's3.amazonaws.com' }) }).allowed).toBe(false);
  });
});

test('NotPrincipal with Deny spares those it names', () => {
  const resource = new Policy(
    'P',
    parsePolicy(
      JSON.stringify({
        Statement: [
          { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
          { Effect: 'Deny', NotPrincipal: { AWS: [ROLE, session.arn] }, Action: '*', Resource: '*' },
        ],
      }),
      'resource',
    ),
  );
  expect(ask({ resource }).allowed).toBe(true);
  expect(ask({ resource, caller: foreigner, identity: [may('*')] }).allowed).toBe(false);
});
