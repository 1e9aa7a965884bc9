import { parseTemplate } from '../../src/templates/parse';
import { checkTemplate } from '../../src/templates/validate';

const A = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'x' } };

function check(template: Record<string, unknown>): void {
  checkTemplate(parseTemplate(JSON.stringify(template)));
}

const refusals: [string, Record<string, unknown>, string][] = [
  [
    'no resources',
    { Parameters: {} },
    'Template format error: At least one Resources member must be defined.',
  ],
  [
    'an unknown section',
    { Resources: { A }, Resource: {} },
    'Invalid template property or properties [Resource]',
  ],
  [
    'no type',
    { Resources: { A: {} } },
    'Template format error: [/Resources/A] Every Resources object must contain a Type member.',
  ],
  [
    'an unknown member',
    { Resources: { A: { ...A, Invalid: 1 } } },
    "Invalid template resource property 'Invalid'",
  ],
  [
    'an unknown type',
    { Resources: { A: { Type: 'AWS::S3::Bucked' } } },
    'Template format error: Unrecognized resource types: [AWS::S3::Bucked]',
  ],
  [
    'a name with a dash',
    { Resources: { 'a-b': A } },
    'Template format error: Resource name a-b is non alphanumeric.',
  ],
  [
    'a Ref to nothing',
    { Resources: { A: { ...A, Properties: { Value: { Ref: 'Nothing' } } } } },
    'Template format error: Unresolved resource dependencies [Nothing] in the Resources block of the template',
  ],
  [
    'a Sub of nothing',
    { Resources: { A: { ...A, Properties: { Value: { 'Fn::Sub': '${Nothing.Arn} ${!Fine}' } } } } },
    'Template format error: Unresolved resource dependencies [Nothing] in the Resources block of the template',
  ],
  [
    'a DependsOn of nothing',
    { Resources: { A: { ...A, DependsOn: 'NonExistingResource' } } },
    'Template format error: Unresolved resource dependencies [NonExistingResource] in the Resources block of the template',
  ],
  [
    'an output of nothing',
    { Resources: { A }, Outputs: { O: { Value: { Ref: 'B' } } } },
    'Template format error: Unresolved resource dependencies [B] in the Outputs block of the template',
  ],
  [
    'a circle',
    { Resources: { A: { ...A, DependsOn: 'B' }, B: { ...A, Properties: { Value: { Ref: 'A' } } }, C: A } },
    'Circular dependency between resources: [A, B]',
  ],
  [
    'half a GetAtt',
    { Resources: { A, B: { ...A, Properties: { Value: { 'Fn::GetAtt': ['A', ''] } } } } },
    'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
  ],
  [
    'an output without value',
    { Resources: { A }, Outputs: { MyOutput: {} } },
    'Template format error: Every Outputs member must contain a Value object',
  ],
  [
    'a null output',
    { Resources: { A }, Outputs: { MyOutput: { Value: null } } },
    "[/Outputs/MyOutput/Value] 'null' values are not allowed in templates",
  ],
  [
    'a mapping of intrinsics',
    { Resources: { A }, Mappings: { M: { a: { b: { Ref: 'X' } } } } },
    'Template format error: Every Mappings attribute must be a String or a List.',
  ],
  [
    'an unknown parameter type',
    { Resources: { A }, Parameters: { P: { Type: 'Text' } } },
    'Template format error: Unrecognized parameter type: Text',
  ],
  [
    'a condition on a resource',
    { Resources: { A }, Conditions: { C: { 'Fn::Equals': [{ Ref: 'A' }, 'x'] } } },
    'Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template',
  ],
  [
    'a macro',
    { Resources: { A }, Transform: 'AWS::Serverless-2016-10-31' },
    'tierkit does not implement CloudFormation Transform AWS::Serverless-2016-10-31 yet. See docs/parity.md for what it does.',
  ],
  [
    'too many parameters',
    {
      Resources: { A },
      Parameters: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`P${n}`, { Type: 'String' }])),
    },
    'Template format error: Number of parameters, 201, is greater than maximum allowed, 200',
  ],
];

test.each(refusals)('refuses %s', (_, template, message) => {
  expect(() => check(template)).toThrow(new Error(message));
});

test('JSON that is none says where', () => {
  expect(() => parseTemplate('{"Resources": {"A": "b" "c"}}')).toThrow(
    /^Template format error: JSON not well-formed. \(line 1, column \d+\)$/,
  );
});

test('YAML that is none says where', () => {
  expect(() => parseTemplate('Resources:\n  A: [\n')).toThrow(
    /^Template format error: YAML not well-formed. \(line \d+, column \d+\)$/,
  );
});

test('a text is no template', () => {
  expect(() => parseTemplate('hello')).toThrow('Template format error: unsupported structure.');
});

test('YAML short forms are the long ones', () => {
  const parsed = parseTemplate(`
Conditions:
  C: !Not [!Equals [!Ref AWS::Region, x]]
Resources:
  A:
    Type: AWS::SSM::Parameter
    Properties:
      Value: !Sub '\${AWS::Region}'
      Name: !GetAtt B.C.D
      Version: 2012-10-17
`);
  expect(parsed).toMatchObject({
    Conditions: { C: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'x'] }] } },
    Resources: {
      A: {
        Properties: {
          Value: { 'Fn::Sub': '${AWS::Region}' },
          Name: { 'Fn::GetAtt': ['B', 'C.D'] },
          Version: '2012-10-17',
        },
      },
    },
  });
});
