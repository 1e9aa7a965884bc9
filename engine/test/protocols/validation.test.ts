import { loadIndex, loadModel, validateInput } from '../../src/protocols';
import { compilePattern } from '../../src/protocols/validation/patterns';

function refusal(service: string, operation: string, input: object): unknown {
  const model = loadModel(service);
  try {
    validateInput(model, model.operation(operation)!, input);
    return undefined;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code}: ${message}`;
  }
}

const ONE = '1 validation error detected: ';

describe('the usual dialect', () => {
  test('a missing member, and several', () => {
    expect(refusal('dynamodb', 'GetItem', { TableName: 'shows' })).toBe(
      `ValidationException: ${ONE}Value null at 'key' failed to satisfy constraint: Member must not be null`,
    );
    expect(refusal('logs', 'PutRetentionPolicy', {})).toBe(
      "InvalidParameterException: 2 validation errors detected: Value null at 'logGroupName' failed to satisfy " +
        "constraint: Member must not be null; Value null at 'retentionInDays' failed to satisfy constraint: " +
        'Member must not be null',
    );
  });

  test('length, range, pattern and enum', () => {
    expect(refusal('logs', 'DescribeLogStreams', { logGroupName: 'g', limit: 51 })).toBe(
      `InvalidParameterException: ${ONE}Value '51' at 'limit' failed to satisfy constraint: ` +
        'Member must have value less than or equal to 50',
    );
    expect(refusal('logs', 'CreateLogGroup', { logGroupName: 'a b' })).toBe(
      `InvalidParameterException: ${ONE}Value 'a b' at 'logGroupName' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
    );
    expect(refusal('dynamodb', 'Scan', { TableName: 'shows', Select: 'ALL' })).toBe(
      `ValidationException: ${ONE}Value 'ALL' at 'select' failed to satisfy constraint: Member must satisfy ` +
        'enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]',
    );
    expect(refusal('dynamodb', 'BatchGetItem', { RequestItems: {} })).toBe(
      `ValidationException: ${ONE}Value '{}' at 'requestItems' failed to satisfy constraint: ` +
        'Member must have length greater than or equal to 1',
    );
  });

  test('what is inside lists and maps has a path', () => {
    const tags = [
      { TagKey: 'k', TagValue: 'v' },
      { TagKey: '', TagValue: 'v' },
    ];
    expect(refusal('kms', 'CreateKey', { Tags: tags })).toBe(
      `ValidationException: ${ONE}Value '' at 'tags.2.member.tagKey' failed to satisfy constraint: ` +
        'Member must have length greater than or equal to 1',
    );
    expect(refusal('dynamodb', 'BatchGetItem', { RequestItems: { shows: {} } })).toBe(
      `ValidationException: ${ONE}Value null at 'requestItems.shows.member.keys' failed to satisfy constraint: ` +
        'Member must not be null',
    );
  });

  test('elements are reported with the whole list', () => {
    expect(refusal('lambda', 'UpdateFunctionCode', { FunctionName: 'f', Architectures: ['X86'] })).toBe(
      `ValidationException: ${ONE}Value '[X86]' at 'architectures' failed to satisfy constraint: Member must ` +
        'satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]',
    );
  });

  test('secrets and bytes are not shown', () => {
    expect(refusal('kms', 'Encrypt', { KeyId: 'k', Plaintext: new Uint8Array(4097) })).toBe(
      `ValidationException: ${ONE}Value at 'plaintext' failed to satisfy constraint: ` +
        'Member must have length less than or equal to 4096',
    );
  });

  test('what is right passes', () => {
    const item = { pk: { S: 'a' }, list: { L: [{ M: { deep: { NS: ['1'] } } }] } };
    expect(refusal('dynamodb', 'PutItem', { TableName: 'shows', Item: item })).toBeUndefined();
    expect(refusal('kms', 'CreateKey', {})).toBeUndefined();
  });
});

describe("services' own dialects", () => {
  test('API Gateway puts the body ahead, under a name of its own', () => {
    const input = { restApiId: 'a', resourceId: 'b', httpMethod: 'GET', statusCode: 'wrong' };
    const patchOperations = [{ op: 'no' }];
    expect(refusal('apigateway', 'UpdateMethodResponse', { ...input, patchOperations })).toBe(
      "ValidationException: 2 validation errors detected: Value 'no' at " +
        "'updateMethodResponseInput.patchOperations.1.member.op' failed to satisfy constraint: Member must " +
        "satisfy enum value set: [add, remove, move, test, replace, copy]; Value 'wrong' at 'statusCode' failed " +
        'to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d',
    );
  });

  test('IAM hides values and has a sentence for names', () => {
    const role = { RoleName: 'a b', AssumeRolePolicyDocument: '{}' };
    expect(refusal('iam', 'CreateRole', role)).toBe(
      'ValidationError: The specified value for roleName is invalid. It must contain only alphanumeric ' +
        'characters and/or the following: +=,.@_-',
    );
    expect(refusal('iam', 'CreateRole', { ...role, RoleName: 'r'.repeat(65) })).toBe(
      `ValidationError: ${ONE}Value at 'roleName' failed to satisfy constraint: ` +
        'Member must have length less than or equal to 64',
    );
    expect(refusal('iam', 'UpdateAccessKey', { AccessKeyId: 'A'.repeat(20), Status: 'x' })).toBe(
      `ValidationError: ${ONE}Value at 'status' failed to satisfy constraint: Member must satisfy enum value set`,
    );
  });

  test.each([
    ['ec2', 'CreateSubnet', {}, 'MissingParameter: The request must contain the parameter VpcId'],
    [
      'ec2',
      'CreateVpc',
      { InstanceTenancy: 'x' },
      'InvalidParameterValue: Value (x) for parameter instanceTenancy is invalid.',
    ],
    [
      'rds',
      'DeleteDBInstance',
      {},
      'InvalidParameterValue: The parameter DBInstanceIdentifier must be provided and must not be blank.',
    ],
    [
      'cloudformation',
      'BatchDescribeTypeConfigurations',
      {},
      `ValidationError: ${ONE}Value null at 'typeConfigurationIdentifiers' failed to satisfy constraint: Member must not be null`,
    ],
    ['s3', 'PutBucketTagging', { Bucket: 'b' }, 'MissingRequestBodyError: Request Body is empty'],
  ])('%s %s', (service, operation, input, said) => {
    expect(refusal(service, operation, input)).toBe(said);
  });

  test('S3 only says that its documents are wrong, and checks the rest itself', () => {
    const wrong = { Bucket: 'b', VersioningConfiguration: { Status: 'On' } };
    expect(refusal('s3', 'PutBucketVersioning', wrong)).toBe(
      'MalformedXML: The XML you provided was not well-formed or did not validate against our published schema',
    );
    expect(refusal('s3', 'PutObject', { Bucket: 'b', Key: 'k', ACL: 'odd' })).toBeUndefined();
    const elsewhere = { Bucket: 'b', CreateBucketConfiguration: { LocationConstraint: 'nowhere' } };
    expect(refusal('s3', 'CreateBucket', elsewhere)).toBeUndefined();
  });
});

test('every pattern of every model can be had in JavaScript', () => {
  const lost: string[] = [];
  for (const service of Object.keys(loadIndex())) {
    for (const [id, { pattern }] of Object.entries(loadModel(service).json.shapes)) {
      if (pattern !== undefined && !compilePattern(pattern)) lost.push(`${service} ${id} ${pattern}`);
    }
  }
  expect(lost).toEqual([]);
});

test("Java's character classes", () => {
  expect(compilePattern('\\p{Alpha}[\\p{Digit}_]+')?.test('a1_')).toBe(true);
  expect(compilePattern('[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*')?.test('Grüße 1-2')).toBe(true);
  expect(compilePattern('[\\p{L}]+')?.test('1')).toBe(false);
  expect(compilePattern('(?i)abc')?.test('ABC')).toBe(true);
});
