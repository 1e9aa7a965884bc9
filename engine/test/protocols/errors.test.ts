import { AwsError } from '../../src/kernel/errors';
import { encode, encodeError, loadModel } from '../../src/protocols';
import { textOf } from './requests';

const META = { requestId: 'R', hostId: 'H' };

function failed(service: string, operation: string | undefined, error: AwsError) {
  const model = loadModel(service);
  const response = encodeError(model, operation ? model.operation(operation) : undefined, error, META);
  return { ...response, body: response.body === undefined ? undefined : textOf(response.body) };
}

test('awsJson: the type in the body, 400 whatever the model says', () => {
  expect(failed('dynamodb', 'GetItem', new AwsError('ResourceNotFoundException', 'no table'))).toEqual({
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'R' },
    body: '{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"no table"}',
  });
  expect(failed('dynamodb', undefined, new AwsError('ValidationException', 'x')).body).toBe(
    '{"__type":"com.amazon.coral.validate#ValidationException","message":"x"}',
  );
  expect(failed('kms', 'Decrypt', new AwsError('NotFoundException', 'x')).body).toBe(
    '{"__type":"NotFoundException","message":"x"}',
  );
});

test('awsJson: members of the error go along, bytes as base64', () => {
  const reasons = [{ Code: 'ConditionalCheckFailed', Item: { b: { B: new Uint8Array([1]) } } }];
  const error = new AwsError('TransactionCanceledException', 'cancelled', {
    members: { CancellationReasons: reasons },
  });
  expect(JSON.parse(failed('dynamodb', 'TransactWriteItems', error).body ?? '')).toEqual({
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    Message: 'cancelled',
    CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: { b: { B: 'AQ==' } } }],
  });
});

test('restJson: the type in a header, the status of the model', () => {
  expect(failed('lambda', 'GetFunction', new AwsError('ResourceNotFoundException', 'no function'))).toEqual({
    status: 404,
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': 'ResourceNotFoundException',
      'x-amzn-requestid': 'R',
    },
    body: '{"Type":"User","Message":"no function"}',
  });
  const throttled = failed('lambda', 'Invoke', new AwsError('TooManyRequestsException', 'slower'));
  expect(throttled.status).toBe(429);
  const busy = new AwsError('TooManyRequestsException', 'slower', { members: { retryAfterSeconds: '3' } });
  expect(failed('lambda', 'Invoke', busy).headers['retry-after']).toBe('3');
  expect(failed('apigateway', 'GetRestApi', new AwsError('NotFoundException', 'Invalid API'))).toMatchObject({
    status: 404,
    body: '{"message":"Invalid API"}',
  });
});

test('query: sender or receiver, the code of the wire, under either name', () => {
  const body =
    '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>' +
    '<Code>NoSuchEntity</Code><Message>&lt;none&gt;</Message></Error><RequestId>R</RequestId></ErrorResponse>';
  for (const code of ['NoSuchEntity', 'NoSuchEntityException']) {
    expect(failed('iam', 'GetRole', new AwsError(code, '<none>'))).toMatchObject({ status: 404, body });
  }
  const failure = failed('sts', undefined, new AwsError('InternalFailure', 'x', { status: 500 }));
  expect(failure).toMatchObject({ status: 500, body: expect.stringContaining('<Type>Receiver</Type>') });
});

test('EC2 has a form of its own', () => {
  expect(failed('ec2', 'DescribeVpcs', new AwsError('InvalidVpcID.NotFound', 'none'))).toMatchObject({
    status: 400,
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code>' +
      '<Message>none</Message></Error></Errors><RequestID>R</RequestID></Response>',
  });
});

test('S3: further members, both ids, no body where none may be', () => {
  const error = new AwsError('NoSuchBucket', 'The specified bucket does not exist', {
    members: { BucketName: 'b' },
  });
  expect(failed('s3', 'ListObjectsV2', error)).toEqual({
    status: 404,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': 'R', 'x-amz-id-2': 'H' },
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchBucket</Code><Message>The specified bucket ' +
      'does not exist</Message><BucketName>b</BucketName><RequestId>R</RequestId><HostId>H</HostId></Error>',
  });
  const head = failed('s3', 'HeadBucket', new AwsError('NoSuchBucket', 'x'));
  expect(head).toMatchObject({ status: 404, body: undefined });
});

test('what is not implemented says so in every protocol', () => {
  const error = new AwsError('NotImplemented', 'tierkit does not implement X yet', { status: 501 });
  for (const service of ['dynamodb', 'lambda', 's3', 'iam', 'ec2', 'cloudwatch']) {
    const { status, headers, body } = failed(service, undefined, error);
    expect(status).toBe(501);
    expect(`${headers['x-amzn-errortype']} ${body}`).toContain('NotImplemented');
    expect(body).toContain('tierkit does not implement X yet');
  }
});

test('errors of services that had a query protocol carry its code', () => {
  const error = new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  expect(failed('sqs', 'GetQueueUrl', error)).toMatchObject({
    status: 400,
    headers: { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
  });
});

describe('responses', () => {
  const answer = (service: string, operation: string, output: object) => {
    const model = loadModel(service);
    const response = encode(model, model.operation(operation)!, output, META);
    return { ...response, body: response.body === undefined ? undefined : textOf(response.body) };
  };

  test('query: result, metadata, namespace', () => {
    expect(answer('sts', 'GetCallerIdentity', { Account: '0', Arn: 'a&b', UserId: undefined }).body).toBe(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        '<Account>0</Account><Arn>a&amp;b</Arn></GetCallerIdentityResult><ResponseMetadata>' +
        '<RequestId>R</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
    );
  });

  test('EC2 answers true where it has nothing to say', () => {
    expect(answer('ec2', 'DeleteVpc', {}).body).toContain('<requestId>R</requestId><return>true</return>');
  });

  test("S3's names: ListBuckets and GetBucketLocation", () => {
    const when = new Date(Date.UTC(2026, 0, 1));
    expect(answer('s3', 'ListBuckets', { Buckets: [{ Name: 'b', CreationDate: when }] }).body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/' +
        '2006-03-01/"><Buckets><Bucket><Name>b</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate>' +
        '</Bucket></Buckets></ListAllMyBucketsResult>',
    );
    const location = 'LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
    expect(answer('s3', 'GetBucketLocation', {}).body).toContain(`<${location}/>`);
    expect(answer('s3', 'GetBucketLocation', { LocationConstraint: 'eu-west-1' }).body).toContain(
      `<${location}>eu-west-1</LocationConstraint>`,
    );
  });

  test('times are as exact as the service knows them', () => {
    const when = new Date(Date.UTC(2026, 0, 1, 0, 0, 0, 123));
    const role = { RoleName: 'r', Path: '/', RoleId: 'i', Arn: 'a', CreateDate: when };
    expect(answer('iam', 'GetRole', { Role: role }).body).toContain('>2026-01-01T00:00:00Z<');
    expect(answer('s3', 'ListBuckets', { Buckets: [{ CreationDate: when }] }).body).toContain(
      '>2026-01-01T00:00:00.000Z<',
    );
    const stack = { StackName: 's', CreationTime: when, StackStatus: 'CREATE_COMPLETE' };
    expect(answer('cloudformation', 'DescribeStacks', { Stacks: [stack] }).body).toContain(
      '>2026-01-01T00:00:00.123Z<',
    );
    expect(answer('dynamodb', 'DescribeTable', { Table: { CreationDateTime: when } }).body).toBe(
      '{"Table":{"CreationDateTime":1767225600.123}}',
    );
  });

  test('headers, status, and no body for HEAD and 204', () => {
    const headed = answer('s3', 'HeadObject', { ETag: '"x"', Metadata: { A: 'ü' }, ContentLength: 3 });
    expect(headed).toMatchObject({
      status: 200,
      headers: { etag: '"x"', 'x-amz-meta-a': '=?UTF-8?B?w7w=?=', 'content-length': '3' },
      body: undefined,
    });
    expect(answer('s3', 'DeleteObject', {})).toMatchObject({ status: 204, body: undefined });
    expect(answer('lambda', 'Invoke', { StatusCode: 202 }).status).toBe(202);
  });

  test('a line end never gets into a header', () => {
    const { headers } = answer('s3', 'HeadObject', { ContentDisposition: 'a\r\nset-cookie: x' });
    expect(headers['content-disposition']).toBe('a set-cookie: x');
  });
});
