import {
  CheckCapacityCommand,
  CreateIPSetCommand,
  CreateRegexPatternSetCommand,
  CreateRuleGroupCommand,
  CreateWebACLCommand,
  DeleteIPSetCommand,
  DeleteRegexPatternSetCommand,
  DeleteRuleGroupCommand,
  DeleteWebACLCommand,
  type FieldToMatch,
  GetIPSetCommand,
  GetRegexPatternSetCommand,
  GetRuleGroupCommand,
  GetWebACLCommand,
  ListIPSetsCommand,
  ListRegexPatternSetsCommand,
  ListRuleGroupsCommand,
  ListTagsForResourceCommand,
  ListWebACLsCommand,
  type Rule,
  type Statement,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateIPSetCommand,
  UpdateRegexPatternSetCommand,
  UpdateRuleGroupCommand,
  UpdateWebACLCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { startCloud, type TestCloud } from '../../src/testing';
import { bytes, NONE, rule, visible } from './support';

/** https://docs.aws.amazon.com/waf/latest/APIReference/Welcome.html */
const Scope = 'REGIONAL' as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const EMPTY = { Scope, DefaultAction: { Allow: {} }, VisibilityConfig: visible('m') };

let cloud: TestCloud;
let waf: WAFV2Client;
beforeAll(async () => {
  cloud = await startCloud();
  waf = cloud.client(WAFV2Client);
});
afterAll(() => cloud.stop());

const STALE = {
  name: 'WAFOptimisticLockException',
  message:
    'AWS WAF couldn’t save your changes because someone changed the resource after you started to edit it. Reapply your changes.',
};
const USED = { name: 'WAFAssociatedItemException' };
const MISSING = {
  name: 'WAFNonexistentItemException',
  message: 'AWS WAF couldn’t perform the operation because your resource doesn’t exist.',
};
const DUPLICATE = {
  name: 'WAFDuplicateItemException',
  message:
    'AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.',
};

test('a web ACL from beginning to end', async () => {
  const Rules = [rule('one', 0, bytes('/one'), { RuleLabels: [{ Name: 'a:b' }] })];
  const { Summary } = await waf.send(
    new CreateWebACLCommand({
      Name: 'acl',
      ...EMPTY,
      Rules,
      Description: 'the first',
      Tags: [{ Key: 'k', Value: 'v' }],
    }),
  );
  const named = { Name: 'acl', Id: Summary?.Id, Scope };
  const ARN = `arn:aws:wafv2:us-east-1:000000000000:regional/webacl/acl/${Summary?.Id}`;
  expect(Summary).toEqual({
    Name: 'acl',
    Id: expect.stringMatching(UUID),
    Description: 'the first',
    LockToken: expect.stringMatching(UUID),
    ARN,
  });
  const { LockToken, WebACL } = await waf.send(new GetWebACLCommand(named));
  expect(LockToken).toBe(Summary?.LockToken);
  expect(WebACL).toMatchObject({
    ...{ Name: 'acl', Id: Summary?.Id, ARN, Description: 'the first', Capacity: 10 },
    DefaultAction: { Allow: {} },
    VisibilityConfig: visible('m'),
    ManagedByFirewallManager: false,
    LabelNamespace: 'awswaf:000000000000:webacl:acl:',
  });
  expect(WebACL?.Rules?.[0]).toMatchObject({ Name: 'one', Priority: 0, RuleLabels: [{ Name: 'a:b' }] });
  const search = WebACL?.Rules?.[0]?.Statement?.ByteMatchStatement?.SearchString;
  expect(Buffer.from(search ?? []).toString()).toBe('/one');
  expect((await waf.send(new GetWebACLCommand({ ARN }))).WebACL?.Name).toBe('acl');

  await expect(waf.send(new CreateWebACLCommand({ Name: 'acl', ...EMPTY }))).rejects.toMatchObject(DUPLICATE);
  const update = { ...named, ...EMPTY, LockToken, DefaultAction: { Block: {} } };
  const { NextLockToken } = await waf.send(new UpdateWebACLCommand(update));
  await expect(waf.send(new UpdateWebACLCommand(update))).rejects.toMatchObject(STALE);
  const updated = await waf.send(new GetWebACLCommand(named));
  expect(updated).toMatchObject({
    LockToken: NextLockToken,
    WebACL: { Rules: [], Capacity: 0, Description: '' },
  });

  const tags = async () =>
    (await waf.send(new ListTagsForResourceCommand({ ResourceARN: ARN }))).TagInfoForResource;
  await waf.send(new TagResourceCommand({ ResourceARN: ARN, Tags: [{ Key: 'l', Value: 'w' }] }));
  expect(await tags()).toEqual({
    ResourceARN: ARN,
    TagList: [
      { Key: 'k', Value: 'v' },
      { Key: 'l', Value: 'w' },
    ],
  });
  await waf.send(new UntagResourceCommand({ ResourceARN: ARN, TagKeys: ['k', 'l'] }));
  expect((await tags())?.TagList).toEqual([]);

  await expect(waf.send(new DeleteWebACLCommand({ ...named, LockToken }))).rejects.toMatchObject(STALE);
  await waf.send(new DeleteWebACLCommand({ ...named, LockToken: NextLockToken }));
  await expect(waf.send(new GetWebACLCommand(named))).rejects.toMatchObject(MISSING);
  await expect(tags()).rejects.toMatchObject(MISSING);
});

test('sets and rule groups from beginning to end, kept while something refers to them', async () => {
  const ips = await waf.send(
    new CreateIPSetCommand({ Name: 'ips', Scope, IPAddressVersion: 'IPV6', Addresses: ['2001:db8::/32'] }),
  );
  const patterns = await waf.send(
    new CreateRegexPatternSetCommand({
      Name: 'patterns',
      Scope,
      RegularExpressionList: [{ RegexString: 'a' }],
    }),
  );
  const looking = { FieldToMatch: { Body: {} }, TextTransformations: NONE };
  const Rules = [
    rule(
      'ips',
      0,
      { IPSetReferenceStatement: { ARN: ips.Summary?.ARN } },
      { RuleLabels: [{ Name: 'made' }] },
    ),
    rule('patterns', 1, {
      NotStatement: {
        Statement: { RegexPatternSetReferenceStatement: { ARN: patterns.Summary?.ARN, ...looking } },
      },
    }),
    rule('label', 2, { LabelMatchStatement: { Scope: 'LABEL', Key: 'made' } }),
  ];
  const given = { Name: 'group', Scope, VisibilityConfig: visible('g'), Rules };
  await expect(waf.send(new CreateRuleGroupCommand({ ...given, Capacity: 26 }))).rejects.toMatchObject({
    name: 'WAFInvalidParameterException',
    message:
      'Error reason: You exceeded the capacity limit for a rule group or web ACL., field: RULE_GROUP, parameter: 27',
  });
  const group = await waf.send(new CreateRuleGroupCommand({ ...given, Capacity: 30 }));
  const got = await waf.send(new GetRuleGroupCommand({ ARN: group.Summary?.ARN }));
  expect(got.RuleGroup).toMatchObject({
    Capacity: 30,
    LabelNamespace: 'awswaf:000000000000:rulegroup:group:',
    AvailableLabels: [{ Name: 'awswaf:000000000000:rulegroup:group:made' }],
    ConsumedLabels: [{ Name: 'awswaf:000000000000:rulegroup:group:made' }],
  });
  const refers = rule(
    'refers',
    0,
    { RuleGroupReferenceStatement: { ARN: group.Summary?.ARN } },
    { OverrideAction: { None: {} } },
  );
  const acl = await waf.send(new CreateWebACLCommand({ Name: 'user', ...EMPTY, Rules: [refers] }));
  const ofAcl = { Name: 'user', Id: acl.Summary?.Id, Scope };
  expect((await waf.send(new GetWebACLCommand(ofAcl))).WebACL?.Capacity).toBe(30);

  const named = ({ Id, LockToken, Name }: { Id?: string; LockToken?: string; Name?: string } = {}) => ({
    ...{ Id, LockToken, Name, Scope },
  });
  await expect(waf.send(new DeleteIPSetCommand(named(ips.Summary)))).rejects.toMatchObject(USED);
  await expect(waf.send(new DeleteRegexPatternSetCommand(named(patterns.Summary)))).rejects.toMatchObject(
    USED,
  );
  await expect(waf.send(new DeleteRuleGroupCommand(named(group.Summary)))).rejects.toMatchObject(USED);

  await waf.send(
    new UpdateIPSetCommand({ ...named(ips.Summary), Addresses: [], Description: 'none of them' }),
  );
  const set = await waf.send(new GetIPSetCommand(named(ips.Summary)));
  expect(set.IPSet).toMatchObject({ Addresses: [], Description: 'none of them', IPAddressVersion: 'IPV6' });
  const RegularExpressionList = [{ RegexString: 'b' }, { RegexString: 'c' }];
  await waf.send(new UpdateRegexPatternSetCommand({ ...named(patterns.Summary), RegularExpressionList }));
  const list = await waf.send(new GetRegexPatternSetCommand(named(patterns.Summary)));
  expect(list.RegexPatternSet?.RegularExpressionList).toEqual(RegularExpressionList);
  const { VisibilityConfig } = given;
  await waf.send(new UpdateRuleGroupCommand({ ...named(group.Summary), VisibilityConfig, Rules: [] }));

  await waf.send(new DeleteWebACLCommand(named(acl.Summary)));
  const { LockToken } = await waf.send(new GetRuleGroupCommand(named(group.Summary)));
  await waf.send(new DeleteRuleGroupCommand({ ...named(group.Summary), LockToken }));
  await waf.send(new DeleteIPSetCommand({ ...named(ips.Summary), LockToken: set.LockToken }));
  await waf.send(new DeleteRegexPatternSetCommand({ ...named(patterns.Summary), LockToken: list.LockToken }));
  expect((await waf.send(new ListIPSetsCommand({ Scope }))).IPSets).toEqual([]);
  expect((await waf.send(new ListRegexPatternSetsCommand({ Scope }))).RegexPatternSets).toEqual([]);
  expect((await waf.send(new ListRuleGroupsCommand({ Scope }))).RuleGroups).toEqual([]);
});

test('lists go on where they stopped', async () => {
  for (const Name of ['l1', 'l2', 'l3']) await waf.send(new CreateWebACLCommand({ Name, ...EMPTY }));
  const names: (string | undefined)[] = [];
  let NextMarker: string | undefined;
  do {
    const page = await waf.send(new ListWebACLsCommand({ Scope, Limit: 2, NextMarker }));
    expect(page.WebACLs?.length).toBeLessThanOrEqual(2);
    names.push(...(page.WebACLs ?? []).map(({ Name }) => Name));
    ({ NextMarker } = page);
  } while (NextMarker);
  expect(names).toEqual(['l1', 'l2', 'l3']);
  await expect(waf.send(new ListWebACLsCommand({ Scope, NextMarker: 'nonsense' }))).rejects.toMatchObject({
    name: 'WAFInvalidParameterException',
  });
});

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html */
describe('capacity', () => {
  const units = async (...statements: Statement[]) =>
    (
      await waf.send(
        new CheckCapacityCommand({ Scope, Rules: statements.map((one, i) => rule(`r${i}`, i, one)) }),
      )
    ).Capacity;
  const QUERY: FieldToMatch = { AllQueryArguments: {} };
  const JSON_BODY: FieldToMatch = { JsonBody: { MatchPattern: { All: {} }, MatchScope: 'ALL' } };
  const TWO = [
    { Priority: 0, Type: 'URL_DECODE' as const },
    { Priority: 1, Type: 'LOWERCASE' as const },
  ];
  const size = (FieldToMatch: FieldToMatch): Statement => ({
    SizeConstraintStatement: { ComparisonOperator: 'GT', Size: 1, FieldToMatch, TextTransformations: NONE },
  });
  const regex = (FieldToMatch: FieldToMatch): Statement => ({
    RegexMatchStatement: { RegexString: 'a', FieldToMatch, TextTransformations: NONE },
  });
  const rate = { Limit: 10, AggregateKeyType: 'IP' as const };
  const keys = [{ HTTPMethod: {} }, { Header: { Name: 'a', TextTransformations: NONE } }];
  const CASES: [number, Statement[]][] = [
    [2, [bytes('a', { PositionalConstraint: 'EXACTLY' })]],
    [10, [bytes('a')]],
    [30, [bytes('a', { TextTransformations: TWO })]],
    [20, [bytes('a', { FieldToMatch: QUERY })]],
    [20, [bytes('a', { FieldToMatch: JSON_BODY })]],
    [1, [size({ UriPath: {} })]],
    [11, [size(QUERY)]],
    [3, [regex({ UriPath: {} })]],
    [6, [regex(JSON_BODY)]],
    [13, [{ AndStatement: { Statements: [bytes('a'), regex({ UriPath: {} })] } }]],
    [10, [{ NotStatement: { Statement: bytes('a') } }]],
    [1, [{ LabelMatchStatement: { Scope: 'LABEL', Key: 'a' } }]],
    [2, [{ RateBasedStatement: rate }]],
    [12, [{ RateBasedStatement: { ...rate, ScopeDownStatement: bytes('a') } }]],
    [62, [{ RateBasedStatement: { ...rate, AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: keys } }]],
    [12, [bytes('a'), bytes('b', { PositionalConstraint: 'STARTS_WITH' })]],
  ];

  test.each(CASES)('%i units', async (wanted, statements) => {
    expect(await units(...statements)).toBe(wanted);
  });

  test('a web ACL has 5,000 of them', async () => {
    const many = Array.from({ length: 10 }, (_, i) => bytes(`${i}`, { FieldToMatch: JSON_BODY }));
    const all = (count: number) =>
      Array.from({ length: count }, (_, i) => rule(`r${i}`, i, { OrStatement: { Statements: many } }));
    await waf.send(new CreateWebACLCommand({ Name: 'full', ...EMPTY, Rules: all(25) }));
    await expect(
      waf.send(new CreateWebACLCommand({ Name: 'fuller', ...EMPTY, Rules: all(26) })),
    ).rejects.toThrow(
      'You exceeded the capacity limit for a rule group or web ACL., field: WEB_ACL, parameter: 5200',
    );
  });
});

describe('what is refused', () => {
  const create = (Rules: Rule[], more: object = {}) =>
    waf.send(new CreateWebACLCommand({ Name: 'refused', ...EMPTY, Rules, ...more }));
  const reason = async (work: Promise<unknown>) => {
    const error: unknown = await work.catch((failure: unknown) => failure);
    return error instanceof Error ? `${error.name} ${error.message}` : 'nothing';
  };
  const one = (statement: Statement, more: Partial<Rule> = {}) => create([rule('r', 0, statement, more)]);
  const WRONG = 'WAFInvalidParameterException Error reason: ';
  const EXACTLY_ONE = `${WRONG}You have used none or multiple values for a field that requires exactly one value., field: `;
  const NOT_VALID = `${WRONG}The parameter contains formatting that is not valid., field: `;
  const missing =
    'arn:aws:wafv2:us-east-1:000000000000:regional/ipset/a/8a1b2c3d-0000-4000-8000-000000000000';
  const rate = { Limit: 10, AggregateKeyType: 'IP' as const };
  const looking = { FieldToMatch: { Body: {} }, TextTransformations: NONE };

  const CASES: [string, () => Promise<unknown>, string][] = [
    ['no statement', () => one({}), `${EXACTLY_ONE}STATEMENT, parameter: Statement`],
    [
      'two statements in one',
      () => one({ ...bytes('a'), LabelMatchStatement: { Scope: 'LABEL', Key: 'a' } }),
      `${EXACTLY_ONE}STATEMENT, parameter: Statement`,
    ],
    [
      'no field',
      () => one(bytes('a', { FieldToMatch: {} })),
      `${EXACTLY_ONE}FIELD_TO_MATCH, parameter: FieldToMatch`,
    ],
    [
      'no action',
      () => one(bytes('a'), { Action: undefined }),
      `${EXACTLY_ONE}RULE_ACTION, parameter: RuleAction`,
    ],
    [
      'two actions',
      () => one(bytes('a'), { Action: { Allow: {}, Block: {} } }),
      `${EXACTLY_ONE}RULE_ACTION, parameter: RuleAction`,
    ],
    [
      'no default action',
      () => create([], { DefaultAction: {} }),
      `${EXACTLY_ONE}DEFAULT_ACTION, parameter: DefaultAction`,
    ],
    [
      'a rate inside of another statement',
      () => one({ NotStatement: { Statement: { RateBasedStatement: rate } } }),
      `${WRONG}A reference in your rule statement is not valid., field: RATE_BASED_STATEMENT, parameter: RateBasedStatement`,
    ],
    [
      'one of both',
      () => one({ AndStatement: { Statements: [bytes('a')] } }),
      `${WRONG}You haven't met a minimum requirement`,
    ],
    [
      'a pattern that is none',
      () => one({ RegexMatchStatement: { RegexString: '(', ...looking } }),
      NOT_VALID,
    ],
    [
      'a pattern with a look ahead',
      () => one({ RegexMatchStatement: { RegexString: 'a(?!b)', ...looking } }),
      NOT_VALID,
    ],
    ['a search for nothing', () => one(bytes('')), `${NOT_VALID}BYTE_MATCH_STATEMENT`],
    [
      'a word that is none',
      () => one(bytes('a b', { PositionalConstraint: 'CONTAINS_WORD' })),
      `${NOT_VALID}BYTE_MATCH_STATEMENT`,
    ],
    [
      'what is referred to and not there',
      () => one({ IPSetReferenceStatement: { ARN: missing } }),
      `${MISSING.name} ${MISSING.message}`,
    ],
    [
      'a constant without a scope',
      () => one({ RateBasedStatement: { ...rate, AggregateKeyType: 'CONSTANT' } }),
      `${WRONG}A scope-down statement is missing., field: SCOPE_DOWN`,
    ],
    ['another window', () => one({ RateBasedStatement: { ...rate, EvaluationWindowSec: 61 } }), WRONG],
    ['two of a priority', () => create([rule('a', 0, bytes('a')), rule('b', 0, bytes('b'))]), DUPLICATE.name],
    ['two of a name', () => create([rule('a', 0, bytes('a')), rule('a', 1, bytes('b'))]), DUPLICATE.name],
    [
      'a reserved label',
      () => one(bytes('a'), { RuleLabels: [{ Name: 'aws:x' }] }),
      `${WRONG}The label is not valid.`,
    ],
    [
      'a body that is not there',
      () =>
        one(bytes('a'), {
          Action: { Block: { CustomResponse: { ResponseCode: 403, CustomResponseBodyKey: 'b' } } },
        }),
      `${WRONG}The custom response body is not defined., field: CUSTOM_RESPONSE_BODY, parameter: b`,
    ],
    [
      'a status that is none of AWS’s',
      () => one(bytes('a'), { Action: { Block: { CustomResponse: { ResponseCode: 418 } } } }),
      `${WRONG}The response code is not valid., field: CUSTOM_RESPONSE, parameter: 418`,
    ],
    [
      'eleven rates',
      () => create(Array.from({ length: 11 }, (_, i) => rule(`r${i}`, i, { RateBasedStatement: rate }))),
      'WAFLimitsExceededException AWS WAF couldn’t perform the operation because you exceeded your resource limit.',
    ],
    [
      'a limit below ten',
      () => one({ RateBasedStatement: { ...rate, Limit: 9 } }),
      'ValidationException 1 validation error detected',
    ],
  ];

  test.each(CASES)('%s', async (_what, work, wanted) => {
    expect(await reason(work())).toContain(wanted);
  });

  test('what an engine without AWS’s data cannot tell, by its name', async () => {
    const names: [Promise<unknown>, string][] = [
      [create([], { Scope: 'CLOUDFRONT' }), 'WAFV2 scope CLOUDFRONT'],
      [one({ GeoMatchStatement: { CountryCodes: ['CH'] } }), 'WAFV2 GeoMatchStatement'],
      [one({ AsnMatchStatement: { AsnList: [1] } }), 'WAFV2 AsnMatchStatement'],
      [one({ SqliMatchStatement: looking }), 'WAFV2 SqliMatchStatement'],
      [one({ NotStatement: { Statement: { XssMatchStatement: looking } } }), 'WAFV2 XssMatchStatement'],
      [
        one(
          { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'a' } },
          { OverrideAction: { None: {} } },
        ),
        'WAFV2 ManagedRuleGroupStatement',
      ],
      [one(bytes('a'), { Action: { Captcha: {} } }), 'WAFV2 action Captcha'],
      [one(bytes('a'), { Action: { Challenge: {} } }), 'WAFV2 action Challenge'],
      [
        one(bytes('a', { FieldToMatch: { JA3Fingerprint: { FallbackBehavior: 'MATCH' } } })),
        'WAFV2 FieldToMatch JA3Fingerprint',
      ],
      [
        one(bytes('a', { TextTransformations: [{ Priority: 0, Type: 'CMD_LINE_WIN' }] })),
        'WAFV2 text transformation CMD_LINE_WIN',
      ],
      [create([], { TokenDomains: ['example.com'] }), 'WAFV2 WebACL TokenDomains'],
    ];
    for (const [work, name] of names) expect(await reason(work)).toContain(`does not implement ${name} yet`);
  });

  test('addresses and patterns of sets', async () => {
    const ips = (...Addresses: string[]) =>
      waf.send(new CreateIPSetCommand({ Name: 'bad', Scope, IPAddressVersion: 'IPV4', Addresses }));
    for (const wrong of ['10.0.0.1', '0.0.0.0/0', '2001:db8::/32', '10.0.0.0/33']) {
      expect(await reason(ips('10.0.0.0/8', wrong))).toBe(`${NOT_VALID}IP_ADDRESS, parameter: ${wrong}`);
    }
    const patterns = (...all: string[]) =>
      waf.send(
        new CreateRegexPatternSetCommand({
          Name: 'bad',
          Scope,
          RegularExpressionList: all.map((RegexString) => ({ RegexString })),
        }),
      );
    expect(await reason(patterns('a', '(b)\\1'))).toBe(`${NOT_VALID}REGEX_PATTERN_SET, parameter: (b)\\1`);
    const eleven = Array.from({ length: 11 }, (_, i) => `p${i}`);
    expect(await reason(patterns(...eleven))).toContain('WAFLimitsExceededException');
    expect(await reason(patterns('a'.repeat(201)))).toContain('WAFLimitsExceededException');
  });
});
