import fc from 'fast-check';
import type { Principal } from '../../../src/kernel';
import { conditions, contexts } from './conditions';

/** What is asked of both, in words that both understand. */
export interface Case {
  caller: Principal;
  action: string;
  resource: string;
  /** Of the resource. */
  account: string;
  rule: 'sufficient' | 'required';
  context: Record<string, string | string[]>;
  identity: Document[];
  resourcePolicy: Document | undefined;
  boundary: Document | undefined;
  session: Document | undefined;
}

export interface Document {
  Version: string;
  Statement: Record<string, unknown>[];
}

export const HOME = '111111111111';
export const AWAY = '222222222222';

const user = (account: string, name: string): Principal => ({
  type: 'user',
  account,
  arn: `arn:aws:iam::${account}:user/${name}`,
  userId: `AIDA${name.toUpperCase()}`,
});
const session = (account: string, role: string): Principal => ({
  type: 'assumed-role',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/${role}/s`,
  userId: `AROA${role}:s`,
  roleArn: `arn:aws:iam::${account}:role/${role}`,
});

const callers = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(user(HOME, 'ada'), session(HOME, 'R')) },
  { weight: 2, arbitrary: fc.constantFrom(user(AWAY, 'bob'), session(AWAY, 'Q')) },
);

interface Target {
  action: string;
  resource: string;
  rule: 'sufficient' | 'required';
}

const targets = fc.constantFrom<Target>(
  { action: 's3:GetObject', resource: 'arn:aws:s3:::shows/home/ada/1.txt', rule: 'sufficient' },
  { action: 's3:ListBucket', resource: 'arn:aws:s3:::shows', rule: 'sufficient' },
  {
    action: 'dynamodb:GetItem',
    resource: `arn:aws:dynamodb:us-east-1:${HOME}:table/shows`,
    rule: 'sufficient',
  },
  {
    action: 'dynamodb:Query',
    resource: `arn:aws:dynamodb:us-east-1:${HOME}:table/shows/index/byId`,
    rule: 'sufficient',
  },
  {
    action: 'lambda:InvokeFunction',
    resource: `arn:aws:lambda:us-east-1:${HOME}:function:api:live`,
    rule: 'sufficient',
  },
  {
    action: 'secretsmanager:GetSecretValue',
    resource: `arn:aws:secretsmanager:us-east-1:${HOME}:secret:db-Ab12Cd`,
    rule: 'sufficient',
  },
  { action: 'kms:Decrypt', resource: `arn:aws:kms:us-east-1:${HOME}:key/1234-5678`, rule: 'required' },
);

/** Patterns of which some mean what is asked, some nearly, some not at all. */
const actionPatterns = ({ action }: Target) => {
  const [service = '', name = ''] = action.split(':');
  return fc.constantFrom(
    action,
    action.toUpperCase(),
    '*',
    `${service}:*`,
    `${service}:${name.slice(0, 3)}*`,
    `${service}:?${name.slice(1)}`,
    `${service}:*${name.slice(-4)}`,
    `${service}:${name}?`,
    `${service}:Put*`,
    'sqs:*',
    'sns:Publish',
  );
};

const resourcePatterns = ({ resource }: Target) => {
  const half = resource.slice(0, resource.length - 3);
  return fc.constantFrom(
    resource,
    '*',
    `${half}*`,
    `${half}???`,
    `${resource}/*`,
    `${resource}*`,
    resource.replace('us-east-1', '*'),
    resource.replace('us-east-1', 'us-*-1'),
    resource.replace(HOME, '*'),
    resource.replace(HOME, AWAY),
    resource.replace('ada', '${aws:username}'),
    resource.replace('shows', '${aws:PrincipalTag/team}'),
    resource.replace('shows', "${aws:PrincipalTag/none, 'shows'}"),
    resource.toUpperCase().replace(/^ARN:AWS/, 'arn:aws'),
    'arn:aws:sqs:us-east-1:111111111111:queue',
  );
};

const principals = (caller: Principal) =>
  fc.constantFrom<unknown>(
    '*',
    { AWS: '*' },
    { AWS: caller.arn },
    { AWS: caller.arn },
    { AWS: caller.roleArn ?? caller.arn },
    { AWS: caller.account },
    { AWS: `arn:aws:iam::${caller.account}:root` },
    { AWS: [`arn:aws:iam::${HOME}:user/eve`, caller.arn] },
    { AWS: `arn:aws:iam::${AWAY}:root` },
    { AWS: `arn:aws:iam::${HOME}:user/eve` },
    { Service: 'lambda.amazonaws.com' },
  );

const oneOrMore = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));

function statement(target: Target, who: fc.Arbitrary<Record<string, unknown>>) {
  const parts = fc.tuple(
    fc.oneof({ weight: 5, arbitrary: fc.constant('Allow') }, { weight: 1, arbitrary: fc.constant('Deny') }),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant('Action') },
      { weight: 1, arbitrary: fc.constant('NotAction') },
    ),
    oneOrMore(actionPatterns(target)),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant('Resource') },
      { weight: 1, arbitrary: fc.constant('NotResource') },
    ),
    oneOrMore(resourcePatterns(target)),
    conditions,
    who,
  );
  return parts.map(([Effect, action, actions, resource, resources, Condition, more]) => ({
    Effect,
    [action]: actions,
    [resource]: resources,
    ...(Condition ? { Condition } : {}),
    ...more,
  }));
}

const documents = (target: Target, who: fc.Arbitrary<Record<string, unknown>>, most: number) =>
  fc
    .array(statement(target, who), { minLength: 1, maxLength: most })
    .map((Statement): Document => ({ Version: '2012-10-17', Statement }));

const nobody = fc.constant({});
/** As rarely as real accounts have them. */
const seldom = <T>(one: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: one });

export const cases: fc.Arbitrary<Case> = fc
  .tuple(callers, targets, contexts)
  .chain(([caller, target, context]) => {
    const named = fc.oneof(
      { weight: 12, arbitrary: principals(caller).map((Principal) => ({ Principal })) },
      { weight: 1, arbitrary: principals(caller).map((NotPrincipal) => ({ NotPrincipal })) },
    );
    const resourcePolicy = documents(target, named, 3);
    return fc.record({
      caller: fc.constant(caller),
      action: fc.constant(target.action),
      resource: fc.constant(target.resource),
      account: fc.constant(HOME),
      rule: fc.constant(target.rule),
      context: fc.constant(context),
      identity: fc.array(documents(target, nobody, 3), { maxLength: 3 }),
      resourcePolicy: target.rule === 'required' ? resourcePolicy : seldom(resourcePolicy),
      boundary: seldom(documents(target, nobody, 3)),
      session: caller.type === 'assumed-role' ? seldom(documents(target, nobody, 3)) : fc.constant(undefined),
    });
  });
