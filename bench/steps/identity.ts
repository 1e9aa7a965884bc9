import { createHash, createHmac } from 'node:crypto';
import { type Authenticated, authenticate, type Identity } from '../../engine/src/identity';
import { Context, decide, Policy } from '../../engine/src/identity/policies';
import { canonicalRequest, sha256, stringToSign } from '../../engine/src/identity/signature/canonical';
import { ALGORITHM, claimOfHeader } from '../../engine/src/identity/signature/claim';
import { compact } from '../../engine/src/identity/signature/errors';
import { sign } from '../../engine/src/identity/signature/keys';
import { type Principal, systemClock } from '../../engine/src/kernel';
import { parsePolicy } from '../../engine/src/kernel/policy-document';
import type { Samples } from '../figures';
import { median } from '../statistics';

/** What the engine does for every call before its operation, in this process: it is too short to be seen from outside. */
export function identity(samples: Samples, count: number): void {
  samples.add('decision', microseconds(count, decisions()));
  samples.add('signature', microseconds(count, signatures()));
}

/** The least that a signature can cost: hashes of the body, of the request and of the string to sign. */
export function bareSignature(samples: Samples, count: number): void {
  const key = Buffer.alloc(32, 1);
  const request = 'x'.repeat(800);
  const text = 'x'.repeat(150);
  const digest = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
  samples.add(
    'signature',
    microseconds(
      count,
      () => digest(BODY) + digest(request) + createHmac('sha256', key).update(text).digest('hex'),
    ),
  );
}

const BATCHES = 15;

/** Of the processor's time, for one call of `work`; the first batches warm it up. */
function microseconds(count: number, work: (at: number) => unknown): number {
  const batches: number[] = [];
  let results = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    const started = process.cpuUsage();
    for (let i = 0; i < count; i++) if (work(batch * count + i)) results++;
    const { user, system } = process.cpuUsage(started);
    batches.push((user + system) / count);
  }
  if (results !== BATCHES * count) throw new Error('not every one was allowed');
  return median(batches.slice(BATCHES / 3));
}

const ACCOUNT = '111111111111';
const CALLER: Principal = {
  type: 'assumed-role',
  account: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/R/session`,
  userId: 'AROAEXAMPLE:session',
  roleArn: `arn:aws:iam::${ACCOUNT}:role/R`,
  accessKeyId: 'ASIAEXAMPLE',
};

/**
 * Ten policies of ten statements, all of the caller's service: wildcards, denials and conditions, the last of them
 * allows. Every second request is about a table that nobody has asked for before.
 */
function decisions(): (at: number) => unknown {
  const table = (name: string) => `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/${name}`;
  const statement = (policy: number, index: number) => ({
    Effect: index % 5 === 3 ? 'Deny' : 'Allow',
    Action: ['dynamodb:Put*', 'dynamodb:Delete*', index % 2 ? 'dynamodb:Get*' : 'dynamodb:Update*'],
    Resource: [
      `arn:aws:dynamodb:*:${ACCOUNT}:table/other-${policy}-${index}*`,
      `arn:aws:dynamodb:*:${ACCOUNT}:table/*-${policy}-${index}/index/*`,
    ],
    ...(index % 3 ? {} : { Condition: { StringLike: { 'aws:PrincipalTag/team': ['a*', 'b*'] } } }),
  });
  const last = { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: table('shows*') };
  const tens = Array.from({ length: 10 }, (_, ten) => ten);
  const policies = tens.map((policy) => {
    const Statement = tens.map((index) => (policy === 9 && index === 9 ? last : statement(policy, index)));
    const text = JSON.stringify({ Version: '2012-10-17', Statement });
    return new Policy(`P${policy}`, parsePolicy(text, 'identity'));
  });
  const side = { account: ACCOUNT, policy: 'sufficient' } as const;
  return (at) => {
    const context = new Context((_, name) => (name === 'aws:principaltag/team' ? 'theatre' : undefined));
    const resource = table(at % 2 ? 'shows' : `shows-${at}`);
    const request = { caller: CALLER, action: 'dynamodb:GetItem', resource, context };
    return decide(request, { identity: policies }, side).allowed;
  };
}

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const TOKEN = 'T'.repeat(356);
const BODY = Buffer.alloc(300, 'x');

/** A GetItem as the SDK signs it with a session's credentials, from its headers to its caller. */
function signatures(): () => Authenticated | undefined {
  const key = { principal: CALLER, secretAccessKey: SECRET, sessionToken: TOKEN };
  const known: Pick<Identity, 'find'> = { find: () => key };
  const time = compact(systemClock.millis());
  const plain = {
    method: 'POST',
    url: '/',
    headers: [
      ['x-amz-target', 'DynamoDB_20120810.GetItem'],
      ['x-amz-user-agent', 'aws-sdk-js/3.1162.0 ua/2.1 os/linux lang/js md/nodejs#20 api/dynamodb#3.1162.0'],
      ['user-agent', 'aws-sdk-js/3.1162.0 ua/2.1 os/linux lang/js md/nodejs#20 api/dynamodb#3.1162.0'],
      ['content-type', 'application/x-amz-json-1.0'],
      ['content-length', String(BODY.length)],
      ['amz-sdk-invocation-id', '8d3cbb3a-6a9f-4b6b-9d2a-5f8a0e0c0a43'],
      ['amz-sdk-request', 'attempt=1; max=3'],
      ['host', 'localhost:4566'],
      ['x-amz-date', time],
      ['x-amz-security-token', TOKEN],
      ['x-amz-content-sha256', sha256(BODY)],
    ] as [string, string][],
  };
  const names = plain.headers.map(([name]) => name).filter((name) => name !== 'user-agent');
  const authorization = (signature: string) =>
    `${ALGORITHM} Credential=ASIAEXAMPLE/${time.slice(0, 8)}/us-east-1/dynamodb/aws4_request, ` +
    `SignedHeaders=${names.sort().join(';')}, Signature=${signature}`;
  const claim = claimOfHeader(authorization('-'), time);
  const text = stringToSign(claim, canonicalRequest(plain, claim, sha256(BODY)));
  const signed = authorization(sign(SECRET, claim, text));
  const pairs: [string, string][] = [...plain.headers, ['authorization', signed]];
  const { method, url } = plain;
  const services = ['dynamodb'];
  return () => {
    // Of each request the headers are new.
    const headers = pairs.slice();
    return authenticate(
      { method, url, headers, family: 'json', services, resource: '/', body: BODY },
      known,
      systemClock,
    );
  };
}
