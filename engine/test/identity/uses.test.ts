import { Decided } from '../../src/identity/decisions/decided';
import { DecisionLog } from '../../src/identity/decisions/decision-log';
import { explain } from '../../src/identity/decisions/explain';
import { Uses, type UsesOfOne } from '../../src/identity/decisions/uses';
import { Context, decide, type Layers, Policy } from '../../src/identity/policies';
import { ManualClock } from '../../src/kernel';
import { parsePolicy } from '../../src/kernel/policy-document';
import { startCloud } from '../../src/testing';

const ROLE = 'arn:aws:iam::111111111111:role/R';
const caller = {
  type: 'assumed-role' as const,
  account: '111111111111',
  arn: 'arn:aws:sts::111111111111:assumed-role/R/s',
  userId: 'AROA:s',
  roleArn: ROLE,
};
const policy = (...Statement: object[]) =>
  new Policy('P', parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity'));
const everything: Layers = { identity: [policy({ Effect: 'Allow', Action: '*', Resource: '*' })] };

let count = 0;
function decided(
  action: string,
  resource: string,
  {
    layers = everything,
    audit = false,
    context = new Context(),
    requestId = `request-${++count}`,
    role = ROLE,
  } = {},
): Decided {
  const request = { caller: { ...caller, roleArn: role }, action, resource, context };
  const side = { account: caller.account, policy: 'sufficient' as const };
  const decision = decide(request, layers, side);
  return new Decided({ requestId }, { at: count, request, layers, side, decision, audit });
}

const nothing: Layers = { identity: [] };

/** A memory of the test's own, and its collection as a new engine finds it. */
async function memory(work: (uses: Uses, again: () => Uses, clock: ManualClock) => void): Promise<void> {
  const cloud = await startCloud();
  try {
    const collection = cloud.cloud.database.store('test', '-', '-').collection<UsesOfOne>('uses');
    const clock = new ManualClock();
    work(new Uses(collection, clock), () => new Uses(collection, clock), clock);
  } finally {
    await cloud.stop();
  }
}

test('uses are counted by role, action and resource, and are there after a restart', () =>
  memory((uses, again, clock) => {
    for (let n = 0; n < 3; n++) uses.count(decided('dynamodb:GetItem', 'arn:aws:dynamodb:::table/T'));
    uses.count(decided('s3:GetObject', 'arn:aws:s3:::b/k', { layers: nothing }));
    uses.count(decided('s3:PutObject', 'arn:aws:s3:::b/k', { layers: nothing, audit: true }));
    expect(again().principals()).toEqual([]);
    clock.advance(1000);
    expect(again().of(ROLE)).toEqual({
      'dynamodb:GetItem': { 'arn:aws:dynamodb:::table/T': { count: 3, last: 3, own: true } },
      's3:PutObject': { 'arn:aws:s3:::b/k': { count: 1, last: 5, own: true } },
    });
    uses.forget();
    expect(again().principals()).toEqual([]);
  }));

test('a role that uses ever other resources does not fill the memory', () =>
  memory((uses) => {
    for (let n = 0; n < 5000; n++) uses.count(decided('s3:GetObject', `arn:aws:s3:::b/x/${n}`));
    for (let n = 0; n < 5000; n++)
      uses.count(decided('dynamodb:GetItem', `arn:aws:dynamodb:eu-west-1:1:table/${n}`));
    const found = uses.of(ROLE);
    for (const resources of Object.values(found)) {
      expect(Object.keys(resources).length).toBeLessThanOrEqual(200);
      expect(Object.values(resources).reduce((sum, use) => sum + use.count, 0)).toBe(5000);
    }
    expect(found['s3:GetObject']?.['arn:aws:s3:::b/x/*']).toMatchObject({ pattern: true });
  }));

test('neither do ever other roles, nor a disk that is full', () =>
  memory((uses, again, clock) => {
    for (let n = 0; n < 1500; n++)
      uses.count(decided('s3:GetObject', 'arn:aws:s3:::b/k', { role: `${ROLE}-${n}` }));
    clock.advance(1000);
    expect(uses.principals()).toHaveLength(1000);
    expect(again().principals().sort()).toEqual(uses.principals().sort());

    let full = true;
    const written: string[] = [];
    const collection = {
      entries: () => [],
      put(key: string) {
        if (full) throw new Error('MDB_MAP_FULL');
        written.push(key);
      },
    } as unknown as ConstructorParameters<typeof Uses>[0];
    const onFullDisk = new Uses(collection, clock);
    onFullDisk.count(decided('s3:GetObject', 'arn:aws:s3:::b/k'));
    clock.advance(1000);
    full = false;
    onFullDisk.count(decided('s3:GetObject', 'arn:aws:s3:::b/k'));
    clock.advance(1000);
    expect(written).toEqual([ROLE]);
  }));

test('refusals are remembered beyond the decisions that follow', () =>
  memory((uses) => {
    const log = new DecisionLog(uses);
    log.add(decided('s3:GetObject', 'arn:aws:s3:::b/k', { layers: nothing, requestId: 'refused' }));
    for (let n = 0; n < 10_001; n++) log.add(decided('s3:GetObject', 'arn:aws:s3:::b/k'));
    expect(log.refusals().map(({ requestId }) => requestId)).toEqual(['refused']);
    const all = log.all();
    expect(all).toHaveLength(10_001);
    expect(all[0]?.requestId).toBe('refused');
  }));

describe('a decision told again', () => {
  const layers = {
    identity: [
      policy(
        {
          Sid: 'Own',
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/team}/*',
        },
        {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: '*',
          Condition: { StringEquals: { 's3:ExistingObjectTag/open': ['yes', '${aws:userid}'] } },
        },
        { Effect: 'Allow', Action: 's3:PutObject', Resource: '*' },
        { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' },
      ),
    ],
  };

  test('goes by what was known then, and keeps nothing else of the request', () => {
    const asked: string[] = [];
    const context = new Context()
      .set('aws:userid', 'AROA:s')
      .set('secret', 'hunter2')
      .family('aws:PrincipalTag/', (name) => (name === 'team' ? ['red'] : undefined))
      .family('s3:ExistingObjectTag/', (name) => {
        asked.push(name);
        return ['no'];
      });
    const one = decided('s3:GetObject', 'arn:aws:s3:::b/blue/k', { layers, context });
    const before = asked.length;
    const told = explain(one);
    expect(asked).toHaveLength(before);
    expect(told).toMatchObject({
      outcome: 'refused',
      because: 'no identity-based policy allows it',
      considered: [
        {
          layer: 'identity',
          policy: 'P',
          statements: [
            {
              statement: 'Own',
              result: 'its resources are others: arn:aws:s3:::b/${aws:PrincipalTag/team}/*',
            },
            {
              statement: 1,
              result:
                'its condition does not hold: StringEquals s3:ExistingObjectTag/open yes, ${aws:userid}; the request has no',
            },
            { statement: 2, result: 'its actions are others: s3:PutObject' },
          ],
          others: 1,
        },
      ],
      advice: {
        text: 'Add to the policies of the role R:',
        grant: { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/blue/k'] },
      },
    });
    expect(one.request.context.get('secret')).toBeUndefined();
    const red = explain(decided('s3:GetObject', 'arn:aws:s3:::b/red/k', { layers, context }));
    expect(red).toMatchObject({
      outcome: 'allowed',
      by: { layer: 'identity', policy: 'P', statement: 'Own' },
    });
    expect(red.advice).toBeUndefined();
  });

  test('a denial is named', () => {
    const denying = {
      identity: [
        ...everything.identity,
        policy({ Sid: 'Never', Effect: 'Deny', Action: 's3:*', Resource: '*' }),
      ],
    };
    expect(explain(decided('s3:GetObject', 'arn:aws:s3:::b/k', { layers: denying }))).toMatchObject({
      because: 'statement Never of P (identity-based policy) denies it',
      advice: {
        text: 'Narrow or remove statement Never of P: a denial wins over whatever allows.',
      },
    });
  });

  test('a boundary or a session that leaves it out is where the statement goes', () => {
    const boundary = policy({ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' });
    const bounded = explain(decided('s3:GetObject', '*', { layers: { ...everything, boundary } }));
    expect(bounded).toMatchObject({
      missing: 'boundary',
      advice: { text: 'Add to the permissions boundary, P:' },
    });
    const session = explain(decided('s3:GetObject', '*', { layers: { ...everything, session: [boundary] } }));
    expect(session.advice?.text).toBe('Add to the policy that the session was begun with:');
  });
});
