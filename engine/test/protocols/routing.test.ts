import { detectProtocol, loadModel, matchOperation, unknownOperation } from '../../src/protocols';
import { form, json, request } from './requests';

const match = (service: string, ...args: Parameters<typeof request>): string | undefined =>
  matchOperation(loadModel(service), request(...args))?.name;

describe('S3: path style, and clients that send no x-id', () => {
  test.each([
    ['GET', '/', 'ListBuckets'],
    ['GET', '/?x-id=ListDirectoryBuckets', 'ListDirectoryBuckets'],
    ['PUT', '/bucket', 'CreateBucket'],
    ['PUT', '/bucket/', 'CreateBucket'],
    ['HEAD', '/bucket', 'HeadBucket'],
    ['DELETE', '/bucket', 'DeleteBucket'],
    ['GET', '/bucket', 'ListObjects'],
    ['GET', '/bucket/?prefix=a&delimiter=%2F', 'ListObjects'],
    ['GET', '/bucket?list-type=2&prefix=a', 'ListObjectsV2'],
    ['GET', '/bucket?versions', 'ListObjectVersions'],
    ['GET', '/bucket?uploads', 'ListMultipartUploads'],
    ['GET', '/bucket?acl', 'GetBucketAcl'],
    ['GET', '/bucket?acl=', 'GetBucketAcl'],
    ['GET', '/bucket?location', 'GetBucketLocation'],
    ['GET', '/bucket?policyStatus', 'GetBucketPolicyStatus'],
    ['GET', '/bucket?notification', 'GetBucketNotificationConfiguration'],
    ['GET', '/bucket?analytics', 'ListBucketAnalyticsConfigurations'],
    ['GET', '/bucket?analytics&id=a', 'GetBucketAnalyticsConfiguration'],
    ['PUT', '/bucket?analytics', 'PutBucketAnalyticsConfiguration'],
    ['POST', '/bucket?delete', 'DeleteObjects'],
    ['GET', '/bucket/key', 'GetObject'],
    ['GET', '/bucket/a/b//c/', 'GetObject'],
    ['GET', '/bucket/key?x-id=GetObject&X-Amz-Signature=0', 'GetObject'],
    ['GET', '/bucket/key?tagging', 'GetObjectTagging'],
    ['GET', '/bucket/key?uploadId=u', 'ListParts'],
    ['GET', '/bucket/key?partNumber=1', 'GetObject'],
    ['PUT', '/bucket/key', 'PutObject'],
    ['PUT', '/bucket/key?partNumber=1&uploadId=u', 'UploadPart'],
    ['PUT', '/bucket/key?acl', 'PutObjectAcl'],
    ['POST', '/bucket/key?uploads', 'CreateMultipartUpload'],
    ['POST', '/bucket/key?uploadId=u', 'CompleteMultipartUpload'],
    ['POST', '/bucket/key?select&select-type=2', 'SelectObjectContent'],
    ['DELETE', '/bucket/key', 'DeleteObject'],
    ['DELETE', '/bucket/key?uploadId=u', 'AbortMultipartUpload'],
    ['DELETE', '/bucket/key?versionId=v', 'DeleteObject'],
  ])('%s %s is %s', (method, url, name) => {
    expect(match('s3', method, url)).toBe(name);
  });

  test('a copy is known by its header', () => {
    const headers = { 'x-amz-copy-source': 'bucket/other' };
    expect(match('s3', 'PUT', '/bucket/key', { headers })).toBe('CopyObject');
    expect(match('s3', 'PUT', '/bucket/key?partNumber=1&uploadId=u', { headers })).toBe('UploadPartCopy');
  });

  test('what no operation has is not allowed', () => {
    const odd = request('PATCH', '/bucket/key');
    expect(matchOperation(loadModel('s3'), odd)).toBeUndefined();
    expect(unknownOperation(loadModel('s3'), odd)).toMatchObject({ code: 'MethodNotAllowed', status: 405 });
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const upload = request('POST', '/bucket', { headers });
    expect(unknownOperation(loadModel('s3'), upload)).toMatchObject({ code: 'NotImplemented', status: 501 });
  });
});

describe('REST', () => {
  test.each([
    ['lambda', 'GET', '/2015-03-31/functions', 'ListFunctions'],
    ['lambda', 'GET', '/2015-03-31/functions/', 'ListFunctions'],
    ['lambda', 'GET', '/2015-03-31/functions/f', 'GetFunction'],
    ['lambda', 'POST', '/2015-03-31/functions/arn%3Aaws%3Alambda/invocations', 'Invoke'],
    ['lambda', 'PUT', '/2015-03-31/functions/f/configuration', 'UpdateFunctionConfiguration'],
    ['lambda', 'GET', '/2018-10-31/layers?find=LayerVersion&Arn=x', 'GetLayerVersionByArn'],
    ['lambda', 'GET', '/2018-10-31/layers', 'ListLayers'],
    ['apigateway', 'POST', '/restapis', 'CreateRestApi'],
    ['apigateway', 'POST', '/restapis?mode=import', 'ImportRestApi'],
    ['apigateway', 'GET', '/restapis/a/resources/b/methods/GET/integration', 'GetIntegration'],
    ['cloudfront', 'POST', '/2020-05-31/distribution', 'CreateDistribution'],
    ['cloudfront', 'POST', '/2020-05-31/distribution?WithTags', 'CreateDistributionWithTags'],
    ['cloudfront', 'POST', '/2020-05-31/tagging?Operation=Untag&Resource=x', 'UntagResource'],
  ])('%s: %s %s is %s', (service, method, url, name) => {
    expect(match(service, method, url)).toBe(name);
  });

  test('an empty label matches nothing', () => {
    expect(match('lambda', 'POST', '/2015-03-31/functions//invocations')).toBeUndefined();
    const error = unknownOperation(loadModel('lambda'), request('GET', '/nothing'));
    expect(error).toMatchObject({ code: 'UnknownOperationException', status: 404 });
  });
});

describe('RPC', () => {
  const dynamodb = loadModel('dynamodb');
  const ec2 = loadModel('ec2');
  const iam = loadModel('iam');

  test('a JSON target names service and operation', () => {
    expect(matchOperation(dynamodb, json('DynamoDB_20120810.GetItem', {}))?.name).toBe('GetItem');
    expect(matchOperation(dynamodb, json('DynamoDB_20120810.Nothing', {}))).toBeUndefined();
    expect(matchOperation(dynamodb, json('Other.GetItem', {}))).toBeUndefined();
    expect(matchOperation(dynamodb, json('DynamoDB_20120810.toString', {}))).toBeUndefined();
    expect(matchOperation(dynamodb, json('DynamoDB_20120810.GetItem', {}, 'text/plain'))).toBeUndefined();
    expect(unknownOperation(dynamodb, json('X', {}))).toMatchObject({
      code: 'UnknownOperationException',
      status: 400,
    });
  });

  test('an action comes in the form or in the query string', () => {
    expect(matchOperation(iam, form('Action=GetRole&RoleName=x'))?.name).toBe('GetRole');
    expect(matchOperation(iam, request('GET', '/?Action=ListRoles&Version=2010-05-08'))?.name).toBe(
      'ListRoles',
    );
    expect(unknownOperation(iam, form('Action=Nope&Version=2010-05-08'))).toMatchObject({
      code: 'InvalidAction',
      message: 'Could not find operation Nope for version 2010-05-08',
    });
    expect(unknownOperation(ec2, form('Action=Nope'))).toMatchObject({
      code: 'InvalidAction',
      message: 'The action Nope is not valid for this web service.',
    });
    expect(matchOperation(iam, form('Action=%zz'))).toBeUndefined();
    expect(unknownOperation(iam, form('Action=%zz'))).toMatchObject({
      code: 'MalformedQueryString',
      status: 404,
    });
    expect(unknownOperation(iam, form(''))).toMatchObject({ code: 'MissingAction' });
  });

  test('a service with several protocols is asked in each', () => {
    const cloudwatch = loadModel('cloudwatch');
    const cbor = request('POST', '/service/GraniteServiceVersion20100801/operation/ListMetrics', {
      headers: { 'smithy-protocol': 'rpc-v2-cbor' },
    });
    const target = json('GraniteServiceVersion20100801.ListMetrics', {});
    expect(detectProtocol(cloudwatch, cbor)).toBe('rpcv2Cbor');
    expect(matchOperation(cloudwatch, cbor)?.name).toBe('ListMetrics');
    expect(matchOperation(cloudwatch, target)).toMatchObject({ name: 'ListMetrics', protocol: 'awsJson1_0' });
    expect(matchOperation(cloudwatch, form('Action=ListMetrics'))).toMatchObject({
      name: 'ListMetrics',
      protocol: 'awsQuery',
    });
  });
});
