import fc from 'fast-check';
import { evaluateConditions } from '../../src/templates/conditions';
import { resolve } from '../../src/templates/intrinsics';
import type { Scope } from '../../src/templates/scope';

const scope: Scope = {
  account: '123456789012',
  region: 'eu-west-1',
  stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/S/1',
  stackName: 'S',
  parameters: { Name: 'shop', Many: ['a', 'b', 'c'] },
  mappings: { Sizes: { small: { memory: '128', zones: ['x', 'y'] } } },
  conditions: { Yes: true, No: false },
  ref: (id) => `id-of-${id}`,
  attribute: (id, attribute) => `${attribute}-of-${id}`,
  exported: (name) => `exported ${name}`,
  zones: (region) => [`${region}a`, `${region}b`],
  languageExtensions: false,
};

const cases: [string, unknown, unknown][] = [
  ['Ref of a parameter', { Ref: 'Name' }, 'shop'],
  ['Ref of a list parameter', { Ref: 'Many' }, ['a', 'b', 'c']],
  ['Ref of a resource', { Ref: 'Table' }, 'id-of-Table'],
  ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
  ['Ref of the partition', { Ref: 'AWS::Partition' }, 'aws'],
  ['GetAtt in its list form', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'Arn-of-Table'],
  ['GetAtt in its text form', { 'Fn::GetAtt': 'Db.Endpoint.Address' }, 'Endpoint.Address-of-Db'],
  ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Name' }, 1, true]] }, 'a-shop-1-true'],
  ['Join of a list parameter', { 'Fn::Join': ['', { Ref: 'Many' }] }, 'abc'],
  ['Split', { 'Fn::Split': [',', 'a,b,,c'] }, ['a', 'b', '', 'c']],
  ['Select', { 'Fn::Select': ['1', { 'Fn::Split': ['-', 'x-y-z'] }] }, 'y'],
  [
    'Sub of names',
    { 'Fn::Sub': 'arn:${AWS::Partition}:${Name}/${Table.Arn}/${Table}' },
    'arn:aws:shop/Arn-of-Table/id-of-Table',
  ],
  [
    'Sub with variables',
    { 'Fn::Sub': ['${X}-${Name}', { X: { Ref: 'AWS::AccountId' } }] },
    '123456789012-shop',
  ],
  ['Sub leaves literals', { 'Fn::Sub': '${!Literal} ${Name}' }, '${Literal} shop'],
  ['If', { 'Fn::If': ['Yes', 'a', { Ref: 'Nothing' }] }, 'a'],
  [
    'If without value',
    { list: ['a', { 'Fn::If': ['No', 'b', { Ref: 'AWS::NoValue' }] }], gone: { Ref: 'AWS::NoValue' } },
    { list: ['a'] },
  ],
  ['FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, '128'],
  ['FindInMap of a list', { 'Fn::FindInMap': ['Sizes', 'small', 'zones'] }, ['x', 'y']],
  ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
  ['GetAZs of the own region', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b']],
  ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${Name}-vpc' } }, 'exported shop-vpc'],
  ['Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 3, '8'] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
  ['Cidr of IPv6', { 'Fn::Cidr': ['2001:db8::/56', '2', '64'] }, ['2001:db8::/64', '2001:db8:0:1::/64']],
  [
    "a policy statement's Condition",
    { Condition: { Bool: { x: 'true' } } },
    { Condition: { Bool: { x: 'true' } } },
  ],
];

test.each(cases)('%s', (_, value, expected) => {
  expect(resolve(value, scope)).toEqual(expected);
});

const refusals: [unknown, string][] = [
  [
    { 'Fn::Join': ['-', 'text'] },
    'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.',
  ],
  [{ 'Fn::Select': ['3', ['a']] }, 'Template error: Fn::Select  cannot select nonexistent value at index 3'],
  [
    { 'Fn::FindInMap': ['Sizes', 'large', 'memory'] },
    'Template error: Unable to get mapping for Sizes::large::memory',
  ],
  [{ 'Fn::If': ['Other', 1, 2] }, 'Template error: unresolved condition dependency Other in Fn::If'],
];

test.each(refusals)('refuses %j', (value, message) => {
  expect(() => resolve(value, scope)).toThrow(message);
});

test('Fn::Length and Fn::ToJsonString need the language extensions', () => {
  const extended = { ...scope, languageExtensions: true };
  expect(resolve({ 'Fn::Length': { Ref: 'Many' } }, extended)).toBe(3);
  expect(resolve({ 'Fn::ToJsonString': { a: { Ref: 'Name' } } }, extended)).toBe('{"a":"shop"}');
  expect(() => resolve({ 'Fn::Length': { Ref: 'Many' } }, scope)).toThrow(/AWS::LanguageExtensions/);
});

test('Split undoes Join where no part holds the delimiter', () => {
  const part = fc.string().filter((text) => !text.includes('|'));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      expect(resolve({ 'Fn::Split': ['|', { 'Fn::Join': ['|', parts] }] }, scope)).toEqual(parts);
    }),
  );
});

test('Sub puts every value where its name stands, whatever the value is', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.stringMatching(/^[^$]*$/), fc.string()), { maxLength: 8 }), (pieces) => {
      const text = pieces.map(([before], n) => `${before}\${V${n}}`).join('');
      const values = Object.fromEntries(pieces.map(([, value], n) => [`V${n}`, value]));
      const expected = pieces.map(([before, value]) => before + value).join('');
      expect(resolve({ 'Fn::Sub': [text, values] }, scope)).toBe(expected);
    }),
  );
});

test('conditions name one another in any order', () => {
  const template = {
    Resources: {},
    Conditions: {
      C: { 'Fn::Or': [{ Condition: 'A' }, { Condition: 'B' }] },
      B: { 'Fn::Not': [{ Condition: 'A' }] },
      A: { 'Fn::Equals': [{ Ref: 'Name' }, 'shop'] },
      D: { 'Fn::And': [{ Condition: 'A' }, { 'Fn::Equals': ['1', 1] }] },
    },
  };
  expect(evaluateConditions(template, scope)).toEqual({ A: true, B: false, C: true, D: true });
});
