import {
  CreateIPSetCommand,
  CreateRegexPatternSetCommand,
  CreateRuleGroupCommand,
  type FieldToMatch,
  GetIPSetCommand,
  type Rule,
  type Statement,
  UpdateIPSetCommand,
} from '@aws-sdk/client-wafv2';
import { bytes, NONE, rule, visible, WafBed } from './support';

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html */
let bed: WafBed;
let acl: { Name: string; Id: string };
beforeAll(async () => {
  bed = await WafBed.start();
  const { Id, Name } = await bed.protected('rules', []);
  acl = { Id: Id!, Name: Name! };
});
afterAll(() => bed.stop());

const apply = (...Rules: Rule[]) => bed.update(acl.Name, acl.Id, { Rules });

type Request = [path: string, init?: RequestInit];

/** A statement, with requests that match it and others that do not. */
async function tells(statement: Statement, matching: Request[], others: Request[]): Promise<void> {
  await apply(rule('told', 0, statement));
  const wanted = [...matching.map(() => 403), ...others.map(() => 200)];
  const got: number[] = [];
  for (const request of [...matching, ...others]) got.push(await bed.status(...request));
  expect(got).toEqual(wanted);
}

const post = (body: string): Request => [
  '/',
  { method: 'POST', body, headers: { 'content-type': 'application/json' } },
];
const having = (headers: Record<string, string>): Request => ['/', { headers }];
const on = (FieldToMatch: FieldToMatch, search = 'x') => bytes(search, { FieldToMatch });

describe('where texts are looked for', () => {
  test('exactly, at the ends, anywhere, or as a word', async () => {
    const at = (PositionalConstraint: 'EXACTLY' | 'STARTS_WITH' | 'ENDS_WITH' | 'CONTAINS_WORD') =>
      bytes('q=ab', { FieldToMatch: { QueryString: {} }, PositionalConstraint });
    await tells(at('EXACTLY'), [['/?q=ab']], [['/?q=abc'], ['/?a&q=ab'], ['/']]);
    await tells(at('STARTS_WITH'), [['/?q=ab'], ['/?q=abc']], [['/?a&q=ab']]);
    await tells(at('ENDS_WITH'), [['/?q=ab'], ['/?a&q=ab']], [['/?q=abc']]);
    const word = bytes('ab', { FieldToMatch: { QueryString: {} }, PositionalConstraint: 'CONTAINS_WORD' });
    await tells(word, [['/?ab'], ['/?x-ab-x'], ['/?xab=ab']], [['/?xab'], ['/?ab_'], ['/?abab']]);
  });

  test('in the path as it came, with the stage', async () => {
    const exactly = bytes('/prod/a%20b', { PositionalConstraint: 'EXACTLY' });
    await tells(exactly, [['/a%20b'], ['/a%20b?c']], [['/a%20b/c'], ['/a+b']]);
    const decoded = bytes('a b', { TextTransformations: [{ Priority: 0, Type: 'URL_DECODE' }] });
    await tells(decoded, [['/a%20b'], ['/%61%20b']], [['/ab']]);
  });

  test('in the method, and in a header', async () => {
    await tells(on({ Method: {} }, 'POST'), [post('')], [['/']]);
    await tells(
      on({ SingleHeader: { Name: 'X-One' } }),
      [having({ 'x-one': 'axb' })],
      [having({ 'x-two': 'x' }), having({ 'x-one': 'y' }), ['/']],
    );
  });

  test('in arguments of the query', async () => {
    await tells(
      on({ SingleQueryArgument: { Name: 'q' } }),
      [['/?q=x'], ['/?Q=x'], ['/?q=1&q=x']],
      [['/?r=x'], ['/?q'], ['/?x=q']],
    );
    await tells(on({ AllQueryArguments: {} }), [['/?q=x'], ['/?a=b&r=x']], [['/?x=q'], ['/x']]);
  });

  test('in headers and cookies, their names, their values', async () => {
    const included = { MatchPattern: { IncludedHeaders: ['X-One'] }, OversizeHandling: 'CONTINUE' as const };
    await tells(
      on({ Headers: { ...included, MatchScope: 'VALUE' } }, 'one'),
      [having({ 'x-one': 'one' })],
      [having({ 'x-one': '2' }), having({ 'x-two': 'one' })],
    );
    await tells(
      on({ Headers: { ...included, MatchScope: 'ALL' } }, 'one'),
      [having({ 'x-one': '2' })],
      [having({ 'x-two': 'one' })],
    );
    const cookies = (MatchPattern: object, MatchScope: 'KEY' | 'VALUE' | 'ALL') =>
      on({ Cookies: { MatchPattern, MatchScope, OversizeHandling: 'CONTINUE' } }, 'id');
    await tells(
      cookies({ All: {} }, 'KEY'),
      [having({ cookie: 'a=1; id=2' })],
      [having({ cookie: 'a=id' }), ['/']],
    );
    await tells(
      cookies({ ExcludedCookies: ['a'] }, 'VALUE'),
      [having({ cookie: 'a=1; A=id' })],
      [having({ cookie: 'a=id' })],
    );
  });

  test('what is larger than what is looked at goes as the rule says', async () => {
    const many = { 'x-many': 'y'.repeat(8200) };
    const headers = (OversizeHandling: 'CONTINUE' | 'MATCH' | 'NO_MATCH') =>
      on({ Headers: { MatchPattern: { All: {} }, MatchScope: 'ALL', OversizeHandling } }, 'host');
    await tells(headers('MATCH'), [['/'], having(many)], []);
    await tells(headers('NO_MATCH'), [['/']], [having(many)]);
    await tells(headers('CONTINUE'), [['/'], having(many)], []);
    const body = (OversizeHandling?: 'MATCH' | 'NO_MATCH') => on({ Body: { OversizeHandling } }, 'evil');
    const beyond = `${'y'.repeat(16 * 1024)}evil`;
    const within = `evil${'y'.repeat(16 * 1024)}`;
    await tells(body(), [post(within)], [post(beyond)]);
    await tells(body('MATCH'), [post(within), post(beyond)], [post('fine')]);
    await tells(body('NO_MATCH'), [post('evil')], [post(within), post(beyond)]);
    const RequestBody = { API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_32' as const } };
    await bed.update(acl.Name, acl.Id, { Rules: [rule('b', 0, body())], AssociationConfig: { RequestBody } });
    expect(await bed.status(...post(beyond))).toBe(403);
  });

  test('in the keys and values of JSON', async () => {
    const json = (more: object) =>
      on({ JsonBody: { MatchPattern: { All: {} }, MatchScope: 'ALL', ...more } }, 'evil');
    await tells(
      json({ MatchScope: 'VALUE' }),
      [post('{"a":["b","\\u0065vil"]}')],
      [post('{"evil":1}'), post('[1]'), post('')],
    );
    await tells(json({ MatchScope: 'KEY' }), [post('{"a":{"evil":1}}')], [post('{"a":"evil"}')]);
    await tells(
      json({ MatchPattern: { IncludedPaths: ['/a/0/b'] } }),
      [post('{"a":[{"b":"evil"}]}')],
      [post('{"a":[{},{"b":"evil"}],"b":"evil"}')],
    );
    const broken = post('{"a":1} evil');
    await tells(json({ InvalidFallbackBehavior: 'MATCH' }), [broken, post('{')], [post('{}')]);
    await tells(json({ InvalidFallbackBehavior: 'NO_MATCH' }), [], [broken, post('{"a":"evil",}')]);
    await tells(json({ InvalidFallbackBehavior: 'EVALUATE_AS_STRING' }), [broken], [post('{')]);
    await tells(json({}), [post('{"a":"evil",}')], [broken]);
  });

  test('in the order of headers', async () => {
    const order = bytes('x-b:x-a', { FieldToMatch: { HeaderOrder: { OversizeHandling: 'CONTINUE' } } });
    await tells(order, [having({ 'X-B': '1', 'X-A': '2' })], [having({ 'x-a': '1', 'x-b': '2' })]);
  });
});

test('patterns, by themselves and out of a set, and sizes', async () => {
  const looking = { FieldToMatch: { QueryString: {} }, TextTransformations: NONE };
  const pattern = (RegexString: string) => ({ RegexMatchStatement: { RegexString, ...looking } });
  await tells(pattern('^id=\\d{2,3}(&|$)'), [['/?id=12'], ['/?id=123&a']], [['/?id=1'], ['/?xid=12']]);
  // It would take a backtracking matcher for ever.
  await tells(pattern('^(a+)+$'), [[`/?${'a'.repeat(60)}`]], [[`/?${'a'.repeat(60)}!`]]);
  const { Summary } = await bed.waf.send(
    new CreateRegexPatternSetCommand({
      Name: 'patterns',
      Scope: 'REGIONAL',
      RegularExpressionList: [{ RegexString: 'I[a@]mAB[a@]dRequest' }, { RegexString: '(?i)^bad$' }],
    }),
  );
  await tells(
    { RegexPatternSetReferenceStatement: { ARN: Summary?.ARN, ...looking } },
    [['/?I@mABadRequest'], ['/?BaD']],
    [['/?IamAGoodRequest'], ['/?bad1']],
  );
  const size = (ComparisonOperator: 'GE' | 'EQ' | 'LT', Size: number, FieldToMatch: FieldToMatch) => ({
    SizeConstraintStatement: { ComparisonOperator, Size, FieldToMatch, TextTransformations: NONE },
  });
  await tells(size('EQ', 3, { Body: {} }), [post('abc'), post('ä1')], [post('ab'), ['/']]);
  await tells(size('LT', 1, { QueryString: {} }), [['/']], [['/?a']]);
  // How requests without a header are told.
  const present = size('GE', 0, { SingleHeader: { Name: 'x-one' } });
  await tells({ NotStatement: { Statement: present } }, [['/']], [having({ 'x-one': '' })]);
});

test('addresses, of who calls or of whom a proxy names', async () => {
  const set = async (Name: string, IPAddressVersion: 'IPV4' | 'IPV6', Addresses: string[]) => {
    const { Summary } = await bed.waf.send(
      new CreateIPSetCommand({ Name, Scope: 'REGIONAL', IPAddressVersion, Addresses }),
    );
    return Summary!;
  };
  const local = await set('local', 'IPV4', ['127.0.0.1/32']);
  await tells({ IPSetReferenceStatement: { ARN: local.ARN } }, [['/']], []);
  // A change is there for the next request.
  const named = { Name: 'local', Id: local.Id, Scope: 'REGIONAL' as const };
  const { LockToken } = await bed.waf.send(new GetIPSetCommand(named));
  await bed.waf.send(new UpdateIPSetCommand({ ...named, LockToken, Addresses: ['10.0.0.0/8'] }));
  expect(await bed.status('/')).toBe(200);

  const six = await set('six', 'IPV6', ['2001:db8:85a3::/48']);
  const forwarded = (
    ARN: string | undefined,
    Position: 'FIRST' | 'LAST' | 'ANY',
    FallbackBehavior: 'MATCH' | 'NO_MATCH' = 'NO_MATCH',
  ): Statement => ({
    IPSetReferenceStatement: {
      ARN,
      IPSetForwardedIPConfig: { HeaderName: 'X-Forwarded-For', Position, FallbackBehavior },
    },
  });
  const by = (list: string) => having({ 'x-forwarded-for': list });
  await tells(
    forwarded(local.ARN, 'FIRST'),
    [by('10.1.2.3'), by('10.1.2.3, 192.0.2.1')],
    [by('192.0.2.1, 10.1.2.3'), by('nonsense'), ['/']],
  );
  await tells(forwarded(local.ARN, 'LAST'), [by('192.0.2.1, 10.1.2.3')], [by('10.1.2.3, 192.0.2.1')]);
  await tells(
    forwarded(six.ARN, 'ANY', 'MATCH'),
    [by('192.0.2.1,2001:DB8:85a3:1::7,10.0.0.1'), by('nonsense')],
    [by('2001:db8:85a4::1, 192.0.2.1'), ['/']],
  );
  // Without the header the rule does not apply, not even the other way round.
  const not: Statement = { NotStatement: { Statement: forwarded(local.ARN, 'FIRST') } };
  await tells(not, [by('192.0.2.1')], [['/'], by('10.1.2.3')]);
});

test('statements together', async () => {
  const a = bytes('/a');
  const b = bytes('/b');
  await tells({ AndStatement: { Statements: [a, b] } }, [['/a/b']], [['/a'], ['/b']]);
  await tells({ OrStatement: { Statements: [a, b] } }, [['/a'], ['/b']], [['/c']]);
  const neither = { NotStatement: { Statement: { OrStatement: { Statements: [a, b] } } } };
  await tells(neither, [['/c']], [['/a'], ['/b']]);
});

/** https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing-order.html */
describe('rules one after the other', () => {
  const allow = { Action: { Allow: {} } };
  const count = { Action: { Count: {} } };

  test('the first that decides wins, by priority', async () => {
    await apply(rule('later', 7, bytes('/a')), rule('sooner', 3, bytes('/a/b'), allow));
    expect([await bed.status('/a/b'), await bed.status('/a')]).toEqual([200, 403]);
    await apply(rule('later', 2, bytes('/a')), rule('sooner', 3, bytes('/a/b'), allow));
    expect([await bed.status('/a/b'), await bed.status('/a')]).toEqual([403, 403]);
  });

  test('those that count leave labels for those behind', async () => {
    const label = (Key: string, Scope: 'LABEL' | 'NAMESPACE' = 'LABEL') => ({
      LabelMatchStatement: { Key, Scope },
    });
    const labels = { RuleLabels: [{ Name: 'kind:odd:one' }] };
    const marks = rule('marks', 1, bytes('/odd'), { ...count, ...labels });
    const matching = [
      label('kind:odd:one'),
      label('awswaf:000000000000:webacl:rules:kind:odd:one'),
      label('kind:', 'NAMESPACE'),
      label('kind:odd:', 'NAMESPACE'),
      label('awswaf:000000000000:webacl:rules:kind:', 'NAMESPACE'),
    ];
    for (const statement of matching) {
      await apply(marks, rule('blocks', 2, statement));
      expect([statement, await bed.status('/odd'), await bed.status('/even')]).toEqual([statement, 403, 200]);
    }
    for (const statement of [label('odd:one'), label('kind:odd'), label('kind:odd:one:', 'NAMESPACE')]) {
      await apply(marks, rule('blocks', 2, statement));
      expect([statement, await bed.status('/odd')]).toEqual([statement, 200]);
    }
    // Labels come from rules in front only.
    await apply(marks, rule('blocks', 0, label('kind:odd:one')));
    expect(await bed.status('/odd')).toBe(200);
  });

  test('rule groups, as they are and overridden', async () => {
    const { Summary } = await bed.waf.send(
      new CreateRuleGroupCommand({
        Name: 'group',
        Scope: 'REGIONAL',
        Capacity: 50,
        VisibilityConfig: visible('group'),
        Rules: [
          rule('one', 0, bytes('/one'), { RuleLabels: [{ Name: 'first' }] }),
          rule('two', 1, bytes('/two'), {
            Action: { Block: { CustomResponse: { ResponseCode: 404, CustomResponseBodyKey: 'gone' } } },
          }),
        ],
        CustomResponseBodies: { gone: { ContentType: 'TEXT_PLAIN', Content: 'gone' } },
      }),
    );
    const group = (more: object, override: Rule['OverrideAction'] = { None: {} }) =>
      rule(
        'group',
        0,
        { RuleGroupReferenceStatement: { ARN: Summary?.ARN, ...more } },
        { OverrideAction: override },
      );
    const statuses = async () => [
      await bed.status('/one'),
      await bed.status('/two'),
      await bed.status('/three'),
    ];
    await apply(group({}));
    expect(await statuses()).toEqual([403, 404, 200]);
    expect(await (await bed.api.fetch('/two')).text()).toBe('gone');
    await apply(group({ RuleActionOverrides: [{ Name: 'two', ActionToUse: { Allow: {} } }] }));
    expect(await statuses()).toEqual([403, 200, 200]);
    const own = { Block: { CustomResponse: { ResponseCode: 429, CustomResponseBodyKey: 'own' } } };
    await bed.update(acl.Name, acl.Id, {
      Rules: [group({ RuleActionOverrides: [{ Name: 'one', ActionToUse: own }] })],
      CustomResponseBodies: { own: { ContentType: 'TEXT_PLAIN', Content: 'of the web ACL' } },
    });
    expect(await (await bed.api.fetch('/one')).text()).toBe('of the web ACL');
    await apply(group({ ExcludedRules: [{ Name: 'one' }] }));
    expect(await statuses()).toEqual([200, 404, 200]);
    const labelled = 'awswaf:000000000000:rulegroup:group:first';
    await apply(
      group({}, { Count: {} }),
      rule('after', 1, { LabelMatchStatement: { Scope: 'LABEL', Key: labelled } }),
    );
    expect(await statuses()).toEqual([403, 200, 200]);
  });
});
