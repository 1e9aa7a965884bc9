import { checkProperties } from '../../src/templates/check-properties';
import { propertyChanges, strongest } from '../../src/templates/diff';
import { isKnownType, resourceFacts } from '../../src/templates/facts';
import { bindParameters } from '../../src/templates/parameters';
import type { Template } from '../../src/templates/template';

describe('properties of a resource', () => {
  const type = 'AWS::DynamoDB::Table';
  const all = {
    TableName: true,
    KeySchema: true,
    AttributeDefinitions: true,
    ProvisionedThroughput: { ReadCapacityUnits: true },
  } as const;
  const check = (properties: Record<string, unknown>, tree: Parameters<typeof checkProperties>[3] = all) =>
    checkProperties({ logicalId: 'T', type }, properties, resourceFacts(type), tree);
  const KeySchema = [{ AttributeName: 'pk', KeyType: 'HASH' }];

  test('become the types of their schema', () => {
    const checked = check(
      { TableName: 5, KeySchema, ProvisionedThroughput: { ReadCapacityUnits: '5', WriteCapacityUnits: 1 } },
      { ...all, ProvisionedThroughput: true },
    );
    expect(checked).toEqual({
      TableName: '5',
      KeySchema,
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 1 },
    });
  });

  test('that are required must be there', () => {
    expect(() => check({ TableName: 'x' })).toThrow(
      'Property validation failure: [The property {/KeySchema} is required]',
    );
  });

  test('that AWS does not know are refused', () => {
    expect(() => check({ KeySchema, Tablename: 'x' })).toThrow(
      'Properties validation failed for resource T with message:\n#: extraneous key [Tablename] is not permitted',
    );
  });

  test('of another type are refused', () => {
    expect(() => check({ KeySchema, AttributeDefinitions: 'x' })).toThrow(
      'Value of property AttributeDefinitions must be of type List of Object',
    );
  });

  test('that tierkit has not done are refused by name, however deep', () => {
    expect(() =>
      check({ KeySchema, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }),
    ).toThrow(
      "tierkit does not implement AWS::DynamoDB::Table property 'ProvisionedThroughput.WriteCapacityUnits' yet (resource T)",
    );
    expect(() => check({ KeySchema, BillingMode: 'PAY_PER_REQUEST' })).toThrow("property 'BillingMode'");
  });
});

describe('changes', () => {
  test('of a create-only property replace, of others do not', () => {
    const changes = propertyChanges(
      'AWS::S3::Bucket',
      { BucketName: 'a', VersioningConfiguration: { Status: 'Enabled' }, Same: 1 },
      { BucketName: 'b', VersioningConfiguration: { Status: 'Suspended' }, Same: 1 },
    );
    expect(changes.map(({ name, replacement }) => [name, replacement])).toEqual([
      ['BucketName', 'always'],
      ['VersioningConfiguration', 'never'],
    ]);
    expect(strongest(changes)).toBe('always');
    expect(strongest([])).toBe('never');
  });

  test('do not hang on the order of keys', () => {
    expect(propertyChanges('AWS::S3::Bucket', { A: { x: 1, y: 2 } }, { A: { y: 2, x: 1 } })).toEqual([]);
  });
});

test('types that AWS knows are known', () => {
  expect(isKnownType('AWS::SNS::Topic')).toBe(true);
  expect(isKnownType('Custom::Anything')).toBe(true);
  expect(isKnownType('AWS::SNS::Topics')).toBe(false);
});

describe('parameters', () => {
  const template = (declaration: Record<string, unknown>): Template => ({
    Resources: {},
    Parameters: { P: { Type: 'String', ...declaration } },
  });
  const bind = (declaration: Record<string, unknown>, value?: string) =>
    bindParameters(
      template(declaration),
      value === undefined ? [] : [{ ParameterKey: 'P', ParameterValue: value }],
    );

  test('take their default', () => {
    expect(bind({ Type: 'Number', Default: 5 })).toEqual([{ key: 'P', value: '5' }]);
  });

  const refusals: [Record<string, unknown>, string | undefined, string][] = [
    [{}, undefined, 'Parameters: [P] must have values'],
    [{ AllowedValues: ['a', 'b'] }, 'c', "Parameter 'P' must be one of AllowedValues"],
    [{ AllowedPattern: '[a-z]+' }, 'A', "Parameter 'P' must match pattern [a-z]+"],
    [
      { AllowedPattern: '[a-z]+', ConstraintDescription: 'small letters' },
      'A',
      'Parameter P failed to satisfy constraint: small letters',
    ],
    [{ MinLength: 3 }, 'ab', "Parameter 'P' must contain at least 3 characters"],
    [{ MaxLength: '3' }, 'abcd', "Parameter 'P' must contain at most 3 characters"],
    [{ Type: 'Number' }, 'x', "Parameter 'P' must be a number."],
    [{ Type: 'Number', MinValue: 2 }, '1', "Parameter 'P' must be a number not less than 2"],
    [{ Type: 'Number', MaxValue: 2 }, '3', "Parameter 'P' must be a number not greater than 2"],
  ];
  test.each(refusals)('refuse %j given %j', (declaration, value, message) => {
    expect(() => bind(declaration, value)).toThrow(new Error(message));
  });

  test('that are not in the template are refused', () => {
    expect(() => bindParameters({ Resources: {} }, [{ ParameterKey: 'Q', ParameterValue: '1' }])).toThrow(
      'Parameters: [Q] do not exist in the template',
    );
  });

  test('keep their previous value where asked', () => {
    const previous = [{ key: 'P', value: 'old' }];
    expect(bindParameters(template({}), [{ ParameterKey: 'P', UsePreviousValue: true }], previous)).toEqual(
      previous,
    );
  });
});
