import fc from 'fast-check';
import { generalise, literally, squeeze } from '../../src/identity/decisions/generalise';
import { type Grant, smallestPolicy } from '../../src/identity/decisions/smallest';
import type { UsesOfOne } from '../../src/identity/decisions/uses';
import { Context, decide, Policy } from '../../src/identity/policies';
import { parsePolicy } from '../../src/kernel/policy-document';

const ACCOUNT = '111111111111';
const caller = {
  type: 'assumed-role' as const,
  account: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/R/s`,
  userId: 'AROA:s',
  roleArn: `arn:aws:iam::${ACCOUNT}:role/R`,
};

/** The evaluator that decides about calls, with these statements as the caller's only policy. */
function evaluator(grants: readonly Grant[]): (action: string, resource: string) => boolean {
  const Statement = grants.map(({ actions, resources }) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
  }));
  const identity =
    grants.length === 0
      ? []
      : [
          new Policy(
            'smallest',
            parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity'),
          ),
        ];
  return (action, resource) =>
    decide(
      { caller, action, resource, context: new Context() },
      { identity },
      { account: ACCOUNT, policy: 'sufficient' },
    ).allowed;
}

function usesOf(pairs: readonly (readonly [string, string])[]): UsesOfOne {
  const uses: UsesOfOne = {};
  for (const [action, resource] of pairs) {
    uses[action] = { ...uses[action], [resource]: { count: 1, last: 0, own: true } };
  }
  return uses;
}

const segment = fc.string({
  unit: fc.constantFrom('a', 'b', '*', '?', '$', '{', '}', '.', '-'),
  minLength: 1,
  maxLength: 4,
});
const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const plain = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '$'), minLength: 1, maxLength: 4 });
const resource = fc.oneof(
  plain.map((name) => `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/${name}`),
  fc.tuple(plain, plain).map(([t, i]) => `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/${t}/index/${i}`),
  fc.tuple(fc.constantFrom('one', 'two'), key).map(([bucket, name]) => `arn:aws:s3:::${bucket}/${name}`),
  fc.constantFrom('one', 'two').map((bucket) => `arn:aws:s3:::${bucket}`),
  plain.map((name) => `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/g:log-stream:${name}`),
  fc.constant('*'),
);
const action = fc.constantFrom(
  's3:GetObject',
  's3:PutObject',
  'dynamodb:GetItem',
  'dynamodb:Query',
  'logs:Put',
);
const pairs = fc.array(fc.tuple(action, resource), { maxLength: 30 });

const isOpen = (arn: string) => /^arn:aws:s3:::[^/]+\/|:log-stream:/.test(arn);

test('the smallest policy allows all that was used, and nothing else that would not be taken together', () => {
  fc.assert(
    fc.property(pairs, pairs, (used, others) => {
      const may = evaluator(smallestPolicy(usesOf(used)));
      for (const [what, on] of used) expect(may(what, on)).toBe(true);
      for (const [what, on] of others) {
        const everywhere = used.some(([a, r]) => a === what && r === '*');
        const known = used.some(([a, r]) => a === what && r === on);
        if (!known && !everywhere && !isOpen(on)) expect(may(what, on)).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

test('objects are taken together within their bucket and action only', () => {
  fc.assert(
    fc.property(pairs, pairs, (used, others) => {
      const may = evaluator(smallestPolicy(usesOf(used)));
      for (const [what, on] of others) {
        const parent = /^arn:aws:s3:::[^/]+\/|^.*:log-stream:/.exec(on)?.[0];
        if (parent === undefined) continue;
        const near = used.filter(([a, r]) => a === what && (r === '*' || r.startsWith(parent)));
        if (near.length === 0) expect(may(what, on)).toBe(false);
        // As few as that are named one by one.
        const few = new Set(near.map(([, r]) => r));
        if (parent.includes(':s3:') && few.size <= 3 && !few.has('*') && !few.has(on))
          expect(may(what, on)).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

test('statements are grouped: what is used on the same resources, and resources of the same use', () => {
  const table = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/T`;
  expect(
    smallestPolicy(
      usesOf([
        ['dynamodb:Query', table],
        ['dynamodb:GetItem', table],
        ['dynamodb:Query', `${table}/index/I`],
        ['dynamodb:GetItem', 'arn:aws:dynamodb:eu-west-1:111111111111:table/U'],
        ['dynamodb:Query', 'arn:aws:dynamodb:eu-west-1:111111111111:table/U'],
      ]),
    ),
  ).toEqual([
    {
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      resources: [table, 'arn:aws:dynamodb:eu-west-1:111111111111:table/U'],
    },
    { actions: ['dynamodb:Query'], resources: [`${table}/index/I`] },
  ]);
});

test('what the resource’s own policy lets in needs no statement', () => {
  const uses = { 'kms:Decrypt': { 'arn:aws:kms:eu-west-1:111111111111:key/k': use(false) } };
  expect(smallestPolicy(uses)).toEqual([]);
});

const use = (own: boolean) => ({ count: 1, last: 0, own });
const object = (name: string) => `arn:aws:s3:::b/${name}`;

describe('resources are taken together', () => {
  test('objects: a few by their names, more as a folder, many folders as what they share', () => {
    expect([...generalise([object('a'), object('x/b'), object('x/c')]).keys()]).toEqual([
      object('a'),
      object('x/b'),
      object('x/c'),
    ]);
    expect([...generalise(['x/a', 'x/b', 'x/c', 'x/d', 'y'].map(object)).keys()]).toEqual([
      object('x/*'),
      object('y'),
    ]);
    expect([...generalise(['x/1/a', 'x/2/a', 'x/3/a', 'x/4/a'].map(object)).keys()]).toEqual([object('x/*')]);
    expect([...generalise(['ab', 'ac', 'ad', 'ae'].map(object)).keys()]).toEqual([object('*')]);
  });

  test('streams of a log, whose names are made as they come', () => {
    const stream =
      'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/f:log-stream:2026/11/22/[$LATEST]0';
    expect([...generalise([stream]).keys()]).toEqual([
      'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/f:log-stream:*',
    ]);
  });

  test('a memory that is full takes together what it must, and loses nothing', () => {
    const tables = Array.from({ length: 300 }, (_, n) => `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/t${n}`);
    expect([...squeeze([...tables, '*'], 100).keys()]).toEqual([
      `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:*`,
      '*',
    ]);
    const keys = Array.from({ length: 300 }, (_, n) => object(`x/${n}`));
    expect([...squeeze(keys, 100)]).toEqual([[object('x/*'), keys]]);
  });
});

test('signs that mean something to policies stand for themselves', () => {
  expect(literally('*')).toBe('*');
  expect(literally(object('a*b?c${d}$'))).toBe(object('a${*}b${?}c${$}{d}$'));
});
