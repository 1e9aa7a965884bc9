import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  ListOpenIDConnectProviderTagsCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagOpenIDConnectProviderCommand,
  UntagOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Authority } from '../../src/network/authority';
import { startCloud, type TestCloud } from '../../src/testing';
import { ACCOUNT, as, document, refusal, type Statement, trust } from './callers';
import { Issuer } from './issuer';

let cloud: TestCloud;
let iam: IAMClient;
/** Knows no credentials: what it sends is not signed. */
let anybody: STSClient;
let issuer: Issuer;
let provider: string;

beforeAll(async () => {
  issuer = await new Issuer().start();
  cloud = await startCloud({ iam: 'enforce' });
  iam = cloud.client(IAMClient);
  anybody = cloud.client(STSClient);
  const made = await iam.send(
    new CreateOpenIDConnectProviderCommand({ Url: issuer.url, ClientIDList: ['theatre'] }),
  );
  provider = made.OpenIDConnectProviderArn ?? '';
});
afterAll(async () => {
  await cloud.stop();
  await issuer.stop();
});

let count = 0;
async function trusting(...statements: Statement[]): Promise<string> {
  const RoleName = `web-${++count}`;
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: trust(
        ...statements.map((one) => ({
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          ...one,
        })),
      ),
    }),
  );
  return Role?.Arn ?? '';
}

const trade = (RoleArn: string, WebIdentityToken: string, more: object = {}) =>
  anybody.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn,
      WebIdentityToken,
      RoleSessionName: 'box-office',
      ...more,
    }),
  );

describe('AssumeRoleWithWebIdentity', () => {
  test.each(['RS256', 'ES256'])('a token signed with %s is traded for a session', async (alg) => {
    const RoleArn = await trusting({
      Condition: {
        StringEquals: { [`${issuer.name}:aud`]: 'theatre' },
        StringLike: { [`${issuer.name}:sub`]: 'ad*' },
      },
    });
    const token = issuer.token({}, { alg, kid: alg === 'RS256' ? 'rsa' : 'ec' });
    const { Credentials, $metadata: _told, ...answer } = await trade(RoleArn, token);
    const name = RoleArn.split('/').at(-1);
    expect(answer).toEqual({
      SubjectFromWebIdentityToken: 'ada',
      AssumedRoleUser: {
        Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/box-office`,
        AssumedRoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}:box-office$/),
      },
      Provider: provider,
      Audience: 'theatre',
    });
    const session = cloud.client(STSClient, {
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    expect((await session.send(new GetCallerIdentityCommand({}))).Arn).toBe(answer.AssumedRoleUser?.Arn);
  });

  test('whom the trust policy does not mean is refused', async () => {
    const sentence = '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity';
    const other = await trusting({ Condition: { StringEquals: { [`${issuer.name}:sub`]: 'bob' } } });
    expect(await refusal(trade(other, issuer.token()))).toBe(sentence);
    expect(await refusal(trade(other, issuer.token({ sub: 'bob' })))).toBeUndefined();
    const account = await trusting({ Principal: { AWS: ACCOUNT } });
    expect(await refusal(trade(account, issuer.token()))).toBe(sentence);
    const elsewhere = await trusting({
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/example.com` },
    });
    expect(await refusal(trade(elsewhere, issuer.token()))).toBe(sentence);
    const denied = await trusting(
      {},
      { Effect: 'Deny', Condition: { StringEquals: { [`${issuer.name}:sub`]: 'ada' } } },
    );
    expect(await refusal(trade(denied, issuer.token()))).toBe(sentence);
    const none = `arn:aws:iam::${ACCOUNT}:role/none`;
    expect(await refusal(trade(none, issuer.token()))).toBe(sentence);
  });

  test("the provider is one of the role's account, whichever that is", async () => {
    const there = cloud.client(IAMClient, {
      credentials: { accessKeyId: '444444444444', secretAccessKey: 'test' },
    });
    const made = await there.send(
      new CreateOpenIDConnectProviderCommand({ Url: issuer.url, ClientIDList: ['elsewhere'] }),
    );
    const Principal = { Federated: made.OpenIDConnectProviderArn };
    const { Role } = await there.send(
      new CreateRoleCommand({
        RoleName: 'web',
        AssumeRolePolicyDocument: trust({ Principal, Action: 'sts:AssumeRoleWithWebIdentity' }),
      }),
    );
    const RoleArn = Role?.Arn ?? '';
    const { AssumedRoleUser } = await trade(RoleArn, issuer.token({ aud: 'elsewhere' }));
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::444444444444:assumed-role/web/box-office');
    expect(await refusal(trade(RoleArn, issuer.token()))).toContain('Incorrect token audience');
  });

  test('what is wrong with a token', async () => {
    const RoleArn = await trusting({});
    const answer = (token: string) => refusal(trade(RoleArn, token));
    const now = Math.floor(Date.now() / 1000);
    expect(await answer('no-token')).toContain(
      'InvalidIdentityTokenException: The ID Token provided is not a valid JWT',
    );
    expect(await answer(issuer.token({}, { forged: true }))).toContain('InvalidIdentityToken');
    expect(await answer(issuer.token({}, { kid: 'other' }))).toContain('InvalidIdentityToken');
    expect(await answer(issuer.token({}, { alg: 'none' }))).toContain('InvalidIdentityToken');
    expect(await answer(issuer.token({}, { alg: 'HS256' }))).toContain('InvalidIdentityToken');
    const [head, , signature] = issuer.token().split('.');
    const [, body] = issuer.token({ sub: 'bob' }).split('.');
    expect(await answer(`${head}.${body}.${signature}`)).toContain('InvalidIdentityToken');
    expect(await answer(issuer.token({ aud: 'other' }))).toBe(
      '400 InvalidIdentityTokenException: Incorrect token audience',
    );
    expect(await answer(issuer.token({ sub: undefined }))).toContain('InvalidIdentityToken');
    expect(await answer(issuer.token({ iat: now - 900, exp: now - 300 }))).toMatch(
      /^400 ExpiredTokenException: Token expired: current date\/time \d+ must be before the expiration date\/time \d+$/,
    );
    expect(await answer(issuer.token({ iss: 'https://example.com' }))).toBe(
      '400 InvalidIdentityTokenException: No OpenIDConnect provider found in your account for https://example.com',
    );
  });

  test('no request leaves the machine', async () => {
    const url = 'https://token.actions.example.com';
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url: url, ClientIDList: ['theatre'] }));
    const RoleArn = await trusting({});
    expect(await refusal(trade(RoleArn, issuer.token({ iss: url })))).toMatch(
      /^400 IDPCommunicationErrorException: The request could not be fulfilled .* is not on this machine/,
    );
    const gone = 'http://127.0.0.1:1/realm';
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url: gone, ClientIDList: ['theatre'] }));
    expect(await refusal(trade(RoleArn, issuer.token({ iss: gone })))).toContain(
      "InvalidIdentityTokenException: Couldn't retrieve verification key from your identity provider",
    );
  });

  test('an issuer with TLS has a certificate that its thumbprints know', async () => {
    const directories = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'issuer-')));
    const [authority, other] = (await Promise.all(
      directories.map((directory) => Authority.open(directory, ['localhost'])),
    )) as [Authority, Authority];
    const secure = await new Issuer().start(await authority.identityFor('localhost'));
    const wrong = await new Issuer().start(await authority.identityFor('other.localhost'));
    const print = ({ certificate }: Authority) =>
      createHash('sha1').update(Buffer.from(certificate.rawData)).digest('hex');
    const attempt = async (from: Issuer, by: Authority) => {
      const { OpenIDConnectProviderArn } = await iam.send(
        new CreateOpenIDConnectProviderCommand({
          Url: from.url,
          ClientIDList: ['theatre'],
          ThumbprintList: [print(by)],
        }),
      );
      const RoleArn = await trusting({ Principal: { Federated: OpenIDConnectProviderArn } });
      const outcome = await refusal(trade(RoleArn, from.token()));
      await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
      return outcome;
    };
    try {
      const sentence =
        "400 InvalidIdentityTokenException: OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint";
      expect(await attempt(secure, authority)).toBeUndefined();
      expect(await attempt(secure, other)).toBe(sentence);
      expect(await attempt(wrong, authority)).toBe(sentence);
    } finally {
      await Promise.all([secure.stop(), wrong.stop()]);
      for (const directory of directories) rmSync(directory, { recursive: true });
    }
  });

  test('who a token was issued to counts before those it may be shown to', async () => {
    const RoleArn = await trusting({
      Condition: {
        StringEquals: { [`${issuer.name}:aud`]: 'theatre' },
        'ForAnyValue:StringEquals': { [`${issuer.name}:oaud`]: 'api' },
      },
    });
    expect(
      await refusal(trade(RoleArn, issuer.token({ azp: 'theatre', aud: ['api', 'other'] }))),
    ).toBeUndefined();
    expect(await refusal(trade(RoleArn, issuer.token()))).toContain('AccessDenied');
  });

  test('tags and source identity of the token must be allowed, and stay', async () => {
    const claims = {
      'https://aws.amazon.com/tags': {
        principal_tags: { team: ['box-office'], cost: ['7'] },
        transitive_tag_keys: ['team'],
      },
      'https://aws.amazon.com/source_identity': 'ada',
    };
    const plain = await trusting({});
    expect(await refusal(trade(plain, issuer.token(claims)))).toBe(
      '403 AccessDenied: Not authorized to perform sts:TagSession',
    );
    const RoleArn = await trusting({
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Condition: { StringEquals: { 'aws:RequestTag/team': 'box-office' } },
    });
    const { Credentials, SourceIdentity, PackedPolicySize } = await trade(RoleArn, issuer.token(claims));
    expect([SourceIdentity, PackedPolicySize]).toEqual(['ada', 1]);
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: RoleArn.split('/').at(-1),
        PolicyName: 'own',
        PolicyDocument: document({
          Action: 'iam:ListRoles',
          Condition: {
            StringEquals: {
              'aws:PrincipalTag/team': 'box-office',
              'aws:SourceIdentity': 'ada',
              'aws:FederatedProvider': provider,
              [`${issuer.name}:sub`]: 'ada',
            },
          },
        }),
      }),
    );
    const session = cloud.client(IAMClient, {
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    expect(await refusal(session.send(new ListRolesCommand({})))).toBeUndefined();
  });

  test('session policies limit, and must be policies', async () => {
    const RoleArn = await trusting({});
    expect(await refusal(trade(RoleArn, issuer.token(), { Policy: '{}' }))).toContain(
      'MalformedPolicyDocument',
    );
    const { PackedPolicySize } = await trade(RoleArn, issuer.token(), {
      Policy: document({ Action: 's3:*' }),
    });
    expect(PackedPolicySize).toBeGreaterThan(0);
    expect(await refusal(trade(RoleArn, issuer.token(), { DurationSeconds: 7_200 }))).toContain(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  });
});

describe('OpenID Connect providers', () => {
  const Url = 'https://oidc.example.com/id/1';
  const OpenIDConnectProviderArn = `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.example.com/id/1`;

  test('are made, changed, tagged, listed and deleted', async () => {
    const thumbprint = 'a'.repeat(40);
    const Tags = [{ Key: 'team', Value: 'a' }];
    const made = await iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url,
        ClientIDList: ['one'],
        ThumbprintList: [thumbprint],
        Tags,
      }),
    );
    expect(made).toMatchObject({ OpenIDConnectProviderArn, Tags });
    const at = { OpenIDConnectProviderArn };
    await iam.send(new AddClientIDToOpenIDConnectProviderCommand({ ...at, ClientID: 'two' }));
    await iam.send(new AddClientIDToOpenIDConnectProviderCommand({ ...at, ClientID: 'two' }));
    await iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ ...at, ClientID: 'one' }));
    const ThumbprintList = ['b'.repeat(40)];
    await iam.send(new UpdateOpenIDConnectProviderThumbprintCommand({ ...at, ThumbprintList }));
    await iam.send(new TagOpenIDConnectProviderCommand({ ...at, Tags: [{ Key: 'cost', Value: '1' }] }));
    await iam.send(new UntagOpenIDConnectProviderCommand({ ...at, TagKeys: ['team'] }));
    const { $metadata: _told, ...found } = await iam.send(new GetOpenIDConnectProviderCommand(at));
    expect(found).toEqual({
      Url: 'oidc.example.com/id/1',
      ClientIDList: ['two'],
      ThumbprintList,
      CreateDate: expect.any(Date),
      Tags: [{ Key: 'cost', Value: '1' }],
    });
    expect((await iam.send(new ListOpenIDConnectProviderTagsCommand(at))).Tags).toEqual(found.Tags);
    const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
    expect(OpenIDConnectProviderList).toContainEqual({ Arn: OpenIDConnectProviderArn });
    expect(await refusal(iam.send(new CreateOpenIDConnectProviderCommand({ Url })))).toBe(
      `409 EntityAlreadyExistsException: Provider with url ${Url} already exists.`,
    );
    await iam.send(new DeleteOpenIDConnectProviderCommand(at));
    expect(await refusal(iam.send(new GetOpenIDConnectProviderCommand(at)))).toBe(
      `404 NoSuchEntityException: OpenIDConnect Provider not found for arn ${OpenIDConnectProviderArn}`,
    );
  });

  test('must have a URL that others can ask, and no more than AWS lets them have', async () => {
    const make = (more: object) =>
      refusal(iam.send(new CreateOpenIDConnectProviderCommand({ Url, ...more })));
    const wrong = '400 ValidationError: Invalid Open ID Connect Provider URL';
    expect(await make({ Url: 'oidc.example.com' })).toBe(wrong);
    expect(await make({ Url: 'http://oidc.example.com' })).toBe(wrong);
    expect(await make({ Url: 'https://oidc.example.com:8443' })).toBe(wrong);
    expect(await make({ ThumbprintList: Array.from({ length: 6 }, () => 'a'.repeat(40)) })).toBe(
      '400 InvalidInputException: Thumbprint list must contain fewer than 5 entries.',
    );
    expect(await make({ ClientIDList: Array.from({ length: 101 }, (_, i) => `c${i}`) })).toBe(
      '409 LimitExceededException: Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100',
    );
  });

  test('need their own permissions', async () => {
    const client = cloud.client(
      IAMClient,
      await as(cloud, { Action: 'iam:CreateOpenIDConnectProvider', Resource: OpenIDConnectProviderArn }),
    );
    expect(await refusal(client.send(new CreateOpenIDConnectProviderCommand({ Url })))).toBeUndefined();
    expect(
      await refusal(client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))),
    ).toContain(`perform: iam:GetOpenIDConnectProvider on resource: ${OpenIDConnectProviderArn} because`);
  });
});
