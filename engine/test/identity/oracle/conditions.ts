import fc from 'fast-check';

/** A kind of key: the values it may have in a request, and how policies compare them. */
interface Family {
  keys: string[];
  values: string[];
  operators: string[];
  wanted: unknown[];
}

const TEXT: Family = {
  keys: ['aws:UserAgent', 's3:prefix', 'aws:PrincipalTag/team', 'aws:principaltag/Team', 'aws:username'],
  values: ['ada', 'Ada', 'shows', 'home/ada', 'a*a', ''],
  operators: [
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
  ],
  wanted: [
    'ada',
    'ADA',
    'shows',
    'a*',
    '*',
    'h?me/*',
    'home/${aws:username}',
    '${aws:username}',
    '${aws:PrincipalTag/team}',
    "${aws:PrincipalTag/none, 'ada'}",
    '${aws:PrincipalTag/none}',
    'a${*}a',
  ],
};

const NUMBER: Family = {
  keys: ['s3:max-keys', 'aws:MultiFactorAuthAge'],
  values: ['10', '9', '11', '10.5', '-3', '010'],
  operators: [
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
  ],
  wanted: ['10', '10.0', '9', '11', '0'],
};

const DATE: Family = {
  keys: ['aws:CurrentTime', 'aws:TokenIssueTime'],
  values: ['2026-05-01T12:00:00Z', '2026-05-01T12:00:00.500Z', '2027-01-01T00:00:00Z'],
  operators: [
    'DateEquals',
    'DateNotEquals',
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
  ],
  wanted: [
    '2026-05-01T12:00:00Z',
    '2026-05-01',
    '2026-06-01T00:00:00Z',
    '2026-05-01T14:00:00+02:00',
    '1777636800',
  ],
};

const BOOLEAN: Family = {
  keys: ['aws:SecureTransport', 'aws:MultiFactorAuthPresent', 'aws:ViaAWSService'],
  values: ['true', 'false'],
  operators: ['Bool'],
  wanted: ['true', 'false', 'True'],
};

const ADDRESS: Family = {
  keys: ['aws:SourceIp', 'aws:VpcSourceIp'],
  values: ['10.1.2.3', '203.0.113.7', '2001:db8::7'],
  operators: ['IpAddress', 'NotIpAddress'],
  wanted: ['10.0.0.0/8', '10.1.2.3', '10.1.2.3/32', '203.0.113.0/29', '2001:db8::/32', '0.0.0.0/0', '::/0'],
};

const ARN: Family = {
  keys: ['aws:SourceArn', 'aws:PrincipalArn'],
  values: [
    'arn:aws:iam::111111111111:role/R',
    'arn:aws:iam::111111111111:role/team/R',
    'arn:aws:sns:us-east-1:111111111111:topic',
    'arn:aws:lambda:us-east-1:111111111111:function:f:live',
  ],
  operators: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
  wanted: [
    'arn:aws:iam::111111111111:role/R',
    'arn:aws:iam::*:role/*',
    'arn:aws:iam::111111111111:role/?',
    'arn:*:sns:*:111111111111:*',
    'arn:aws:lambda:us-east-1:111111111111:function:f:*',
    'arn:aws:lambda:us-east-1:111111111111:function:*',
    'arn:aws:*:111111111111:topic',
    '*',
  ],
};

const BYTES: Family = {
  keys: ['aws:Referer'],
  values: ['QmluYXJ5', 'AAEC'],
  operators: ['BinaryEquals'],
  wanted: ['QmluYXJ5', 'AAEC', 'AAED'],
};

const LIST: Family = {
  keys: ['aws:TagKeys', 'dynamodb:LeadingKeys'],
  values: ['ada', 'team', 'Team', 'cost'],
  operators: ['StringEquals', 'StringLike', 'StringNotEquals', 'StringNotLike', 'StringEqualsIgnoreCase'],
  wanted: ['ada', 'team', 't*', '*', '${aws:username}', 'none'],
};

const SINGLE = [TEXT, NUMBER, DATE, BOOLEAN, ADDRESS, ARN, BYTES];

/** Requests know some keys and others not; keys of lists have none, one or several values. */
export const contexts: fc.Arbitrary<Record<string, string | string[]>> = fc
  .tuple(
    ...SINGLE.flatMap(({ keys, values }) =>
      keys.map((key) =>
        fc.option(
          fc.constantFrom(...values).map((value): [string, string] => [key, value]),
          { freq: 4 },
        ),
      ),
    ),
    ...LIST.keys.map((key) =>
      fc.option(
        fc
          .uniqueArray(fc.constantFrom(...LIST.values), { maxLength: 3 })
          .map((values): [string, string[]] => [key, values]),
        { freq: 4 },
      ),
    ),
  )
  .map((found) => {
    const context: Record<string, string | string[]> = {};
    const seen = new Set<string>();
    for (const entry of found) {
      // The names of keys have no case.
      if (!entry || seen.has(entry[0].toLowerCase())) continue;
      seen.add(entry[0].toLowerCase());
      context[entry[0]] = entry[1];
    }
    return context;
  });

const oneOrMore = (wanted: readonly unknown[]) =>
  fc.oneof(
    fc.constantFrom(...wanted),
    fc.uniqueArray(fc.constantFrom(...wanted), { minLength: 1, maxLength: 3 }),
  );

type Line = [operator: string, key: string, values: unknown];

const lineOf = (family: Family, quantifiers: readonly string[]): fc.Arbitrary<Line> =>
  fc.tuple(
    fc
      .tuple(
        fc.constantFrom(...quantifiers),
        fc.constantFrom(...family.operators),
        fc.constantFrom('', '', 'IfExists'),
      )
      .map((parts) => parts.join('')),
    fc.constantFrom(...family.keys),
    oneOrMore(family.wanted),
  );

const missing: fc.Arbitrary<Line> = fc.tuple(
  fc.constant('Null'),
  fc.constantFrom(...SINGLE.flatMap(({ keys }) => keys), ...LIST.keys),
  fc.constantFrom('true', 'false'),
);

const line = fc.oneof(
  ...SINGLE.map((family) => ({ weight: 2, arbitrary: lineOf(family, ['']) })),
  { weight: 4, arbitrary: lineOf(LIST, ['ForAllValues:', 'ForAnyValue:']) },
  { weight: 2, arbitrary: missing },
);

/** No condition for half of the statements: else next to nothing would ever be allowed. */
export const conditions = fc.option(
  fc.array(line, { minLength: 1, maxLength: 2 }).map((lines) => {
    const block: Record<string, Record<string, unknown>> = {};
    for (const [operator, key, values] of lines) block[operator] = { ...block[operator], [key]: values };
    return block;
  }),
  { freq: 1, nil: undefined },
);
