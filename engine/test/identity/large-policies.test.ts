import fc from 'fast-check';
import { Context, decide, Policy } from '../../src/identity/policies';
import { Speaking } from '../../src/identity/policies/policy';
import type { Statement } from '../../src/identity/policies/statement';
import type { Principal } from '../../src/kernel';
import { PolicyProblem, parsePolicy } from '../../src/kernel/policy-document';

const CALLER: Principal = { type: 'user', account: '1', arn: 'arn:aws:iam::1:user/u', userId: 'AIDA' };
const BUCKET = (at: number | string) => `arn:aws:s3:::bucket-${at}/key`;

const policyOf = (Statement: object[]) =>
  new Policy('P', parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity'));

const may = (policy: Policy, resource: string, action = 's3:GetObject') =>
  decide(
    { caller: CALLER, action, resource, context: new Context() },
    { identity: [policy] },
    { account: '1', policy: 'sufficient' },
  ).allowed;

describe('a policy of 10,000 statements', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => ({
    Sid: `S${at}`,
    Effect: at % 10 === 9 ? 'Deny' : 'Allow',
    Action: at % 2 ? 's3:Get*' : 's3:Put*',
    Resource: `arn:aws:s3:::bucket-${at}/*`,
  }));

  test('is decided like any other', () => {
    const policy = policyOf(many);
    expect([1, 9, 2, 9_997, 9_999, 10_000].map((at) => may(policy, BUCKET(at)))).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
    ]);
    expect(may(policy, BUCKET(2), 's3:PutObject')).toBe(true);
    expect(may(policy, BUCKET(2), 'dynamodb:GetItem')).toBe(false);
  });

  test('is looked through once for an action, and once for a resource of it', () => {
    const asked = { resource: 0 };
    const statement = {
      effect: 'Allow',
      conditions: [],
      source: {},
      mayMean: () => {
        asked.resource++;
        return false;
      },
    } as unknown as Statement;
    const speaking = new Speaking(Array.from({ length: 10_000 }, () => statement));
    for (let i = 0; i < 5; i++) expect(speaking.about(BUCKET(1)).allow).toEqual([]);
    expect(asked.resource).toBe(10_000);
    expect(speaking.about(BUCKET(2)).allow).toEqual([]);
    expect(asked.resource).toBe(20_000);
  });
});

test('what is remembered of a resource decides as what is looked up anew does', () => {
  const resource = fc.constantFrom('a', 'b', 'ab', 'b/a', '*', 'a*', '?', 'a?b', '${aws:username}');
  const statement = fc.record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    Action: fc.constantFrom('s3:*', 's3:Get*', 's3:PutObject'),
    about: resource,
    inverted: fc.boolean(),
  });
  const key = fc.constantFrom('a', 'b', 'ab', 'b/a', 'axb', 'c');
  fc.assert(
    fc.property(
      fc.array(statement, { minLength: 1, maxLength: 8 }),
      fc.array(key, { minLength: 1, maxLength: 8 }),
      (statements, keys) => {
        const made = () =>
          policyOf(
            statements.map(({ Effect, Action, about, inverted }) => ({
              Effect,
              Action,
              [inverted ? 'NotResource' : 'Resource']: `arn:aws:s3:::${about}`,
            })),
          );
        const kept = made();
        for (const name of keys) {
          const asked = `arn:aws:s3:::${name}`;
          expect(may(kept, asked)).toBe(may(made(), asked));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('whatever is no policy is said to be none', () => {
  const anything = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .record({ Version: fc.constant('2012-10-17'), Statement: fc.jsonValue() })
      .map((one) => JSON.stringify(one)),
    fc
      .record({
        Effect: fc.oneof(fc.constant('Allow'), fc.jsonValue()),
        Action: fc.oneof(fc.constant('s3:*'), fc.jsonValue()),
        Resource: fc.oneof(fc.constant('*'), fc.jsonValue()),
        Condition: fc.oneof(fc.constant({ StringEquals: { 'aws:username': 'a' } }), fc.jsonValue()),
      })
      .map((one) => JSON.stringify({ Version: '2012-10-17', Statement: [one] })),
  );
  fc.assert(
    fc.property(anything, (text) => {
      try {
        // What is taken for a policy can be asked.
        may(new Policy('P', parsePolicy(text, 'identity')), BUCKET(1));
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyProblem);
      }
    }),
    {
      numRuns: 2000,
      examples: [
        ['{"Version":"2012-10-17","Statement":[{"Effect":{"toString":false},"Action":{},"Resource":"*"}]}'],
      ],
    },
  );
});
