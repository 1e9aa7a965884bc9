import fc from 'fast-check';
import { AwsError } from '../../src/kernel/errors';
import {
  decode,
  loadIndex,
  loadModel,
  matchOperation,
  type ServiceModel,
  unknownOperation,
  validateInput,
  type WireRequest,
} from '../../src/protocols';
import { form, json, request, xml } from './requests';

/** What the front door does with a request, up to the operation; returns the refusal. */
function refusal(model: ServiceModel, wire: WireRequest): unknown {
  try {
    const operation = matchOperation(model, wire);
    if (!operation) throw unknownOperation(model, wire);
    validateInput(model, operation, decode(model, operation, wire));
    return undefined;
  } catch (error) {
    return error;
  }
}

const GET_ITEM = 'DynamoDB_20120810.GetItem';
const dynamodb = loadModel('dynamodb');
const KEY = { pk: { S: 'a' } };

describe('JSON', () => {
  test.each([
    ['no JSON', '{"TableName":', ''],
    ['a list', '[]', 'Unrecognized collection type class GetItemInput'],
    ['a text', '"x"', 'Unexpected value type in payload'],
    ['a number for a text', { TableName: 1 }, 'NUMBER_VALUE cannot be converted to String'],
    ['a boolean for a text', { TableName: true }, 'TRUE_VALUE cannot be converted to String'],
    ['a structure for a text', { TableName: {} }, 'Start of structure or map found where not expected.'],
    [
      'a text for a boolean',
      { TableName: 't', ConsistentRead: 'x' },
      'STRING_VALUE cannot be converted to Boolean',
    ],
    ['a text for a list', { TableName: 't', AttributesToGet: 'x' }, 'Unexpected field type'],
    [
      'half a base64',
      { TableName: 't', Key: { pk: { B: 'YQ=' } } },
      'Base64 encoded length is expected a multiple of 4 bytes but found: 3',
    ],
    [
      'no base64',
      { TableName: 't', Key: { pk: { B: 'Y!==' } } },
      'Invalid Base64 character found in the encoded text',
    ],
  ])('%s is a SerializationException', (_what, body, message) => {
    expect(refusal(dynamodb, json(GET_ITEM, body))).toMatchObject({
      code: 'SerializationException',
      status: 400,
      message,
    });
  });

  test('numbers beyond all bounds are refused', () => {
    const scan = (limit: string): unknown =>
      refusal(dynamodb, json('DynamoDB_20120810.Scan', `{"TableName":"ttt","Limit":${limit}}`));
    expect(scan('1e400')).toMatchObject({ code: 'SerializationException' });
    expect(scan('99999999999')).toMatchObject({ code: 'SerializationException' });
    expect(scan('"1"')).toMatchObject({ message: 'STRING_VALUE cannot be converted to Integer' });
  });

  test('nesting without end is refused, whether it parses or not', () => {
    const deep = (levels: number): string => `${'{"L":['.repeat(levels)}{"S":"x"}${']}'.repeat(levels)}`;
    for (const levels of [1_000, 200_000]) {
      const body = `{"TableName":"ttt","Key":{"pk":${deep(levels)}}}`;
      expect(refusal(dynamodb, json(GET_ITEM, body))).toMatchObject({ code: 'SerializationException' });
    }
  });

  test('__proto__ is a key like any other', () => {
    const body = '{"TableName":"ttt","Key":{"__proto__":{"S":"x"}}}';
    const wire = json(GET_ITEM, body);
    const input = decode(dynamodb, matchOperation(dynamodb, wire)!, wire);
    expect(Object.keys(input.Key as object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(input.Key)).toBe(Object.prototype);
  });

  test('unknown members are ignored and null ones absent', () => {
    const wire = json(GET_ITEM, { TableName: 'ttt', Key: KEY, Other: 1, ConsistentRead: null });
    expect(decode(dynamodb, matchOperation(dynamodb, wire)!, wire)).toEqual({ TableName: 'ttt', Key: KEY });
  });

  test('REST bodies are as strict', () => {
    const lambda = loadModel('lambda');
    const create = (body: string): unknown =>
      refusal(lambda, request('POST', '/2015-03-31/functions', { body: new Uint8Array(Buffer.from(body)) }));
    expect(create('{')).toMatchObject({ code: 'SerializationException', status: 400 });
    expect(create('{"FunctionName":1}')).toMatchObject({ code: 'SerializationException' });
  });
});

describe('XML', () => {
  const s3 = loadModel('s3');
  const WRONG = {
    code: 'MalformedXML',
    status: 400,
    message: 'The XML you provided was not well-formed or did not validate against our published schema',
  };
  const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Tagging>&b;</Tagging>`;
  const outside =
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Tagging><TagSet>&x;</TagSet></Tagging>';

  test.each([
    ['not XML', 'hello'],
    ['cut short', '<Tagging><TagSet>'],
    ['crossed', '<Tagging><TagSet></Tagging></TagSet>'],
    ['two roots', '<Tagging><TagSet/></Tagging><Tagging/>'],
    ['another root', '<Other><TagSet/></Other>'],
    ['an element that is not in the schema', '<Tagging><TagSet/><Extra/></Tagging>'],
    ['a required element missing', '<Tagging/>'],
    ['an unknown entity', '<Tagging><TagSet>&x;</TagSet></Tagging>'],
    ['an entity bomb', bomb],
    ['an outside entity', outside],
    ['nesting without end', '<a>'.repeat(100_000)],
  ])('%s is MalformedXML', (_what, body) => {
    expect(refusal(s3, xml('PUT', '/bucket?tagging', body))).toMatchObject(WRONG);
  });

  test('access control lists have a code of their own', () => {
    expect(refusal(s3, xml('PUT', '/bucket?acl', '<hello'))).toMatchObject({
      ...WRONG,
      code: 'MalformedACLError',
    });
  });

  test('a document that is missing is asked for', () => {
    expect(refusal(s3, request('PUT', '/bucket?tagging'))).toMatchObject({
      code: 'MissingRequestBodyError',
      message: 'Request Body is empty',
    });
  });

  test('namespaces, comments, CDATA and references are read', () => {
    const body = `<?xml version="1.0" encoding="UTF-8"?><!-- c -->
      <x:Tagging xmlns:x="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag>
        <Key><![CDATA[a<b]]></Key><Value>&lt;&#65;&#x42;&amp;</Value></Tag></TagSet></x:Tagging>`;
    const wire = xml('PUT', '/bucket?tagging', body);
    expect(decode(s3, matchOperation(s3, wire)!, wire)).toEqual({
      Bucket: 'bucket',
      Tagging: { TagSet: [{ Key: 'a<b', Value: '<AB&' }] },
    });
  });

  test('a URI that cannot be decoded is refused', () => {
    expect(refusal(s3, request('GET', '/bucket/%zz'))).toMatchObject({ code: 'InvalidURI', status: 400 });
    expect(refusal(s3, request('GET', '/bucket/k?prefix=%zz'))).toMatchObject({ code: 'InvalidURI' });
  });
});

describe('query', () => {
  const iam = loadModel('iam');
  const ec2 = loadModel('ec2');

  test('values of the wrong type are refused', () => {
    expect(refusal(iam, form('Action=ListRoles&MaxItems=abc'))).toMatchObject({ code: 'MalformedInput' });
    expect(refusal(ec2, form('Action=DescribeVpcs&MaxResults=abc'))).toMatchObject({
      code: 'InvalidParameterValue',
    });
    expect(refusal(ec2, form('Action=DescribeVpcs&DryRun=maybe'))).toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  test('EC2 refuses parameters it does not know', () => {
    expect(
      refusal(ec2, form('Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-1&Fliter.1.Name=x')),
    ).toMatchObject({
      code: 'UnknownParameter',
      message: 'The parameter Fliter.1.Name is not recognized',
    });
  });

  test('lists come in the order of their numbers, under either name', () => {
    const rds = loadModel('rds');
    const read = (body: string): unknown => {
      const wire = form(`Action=AddTagsToResource&ResourceName=x&${body}`);
      return decode(rds, matchOperation(rds, wire)!, wire).Tags;
    };
    const tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ];
    expect(read('Tags.Tag.10.Key=b&Tags.Tag.10.Value=2&Tags.Tag.2.Key=a&Tags.Tag.2.Value=1')).toEqual(tags);
    expect(
      read('Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=b&Tags.member.2.Value=2'),
    ).toEqual(tags);
    expect(read('Tags=')).toEqual([]);
  });
});

describe('whatever comes, nothing but an AwsError is thrown', () => {
  const noise = fc.oneof(
    fc.string(),
    fc.json(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.webQueryParameters(),
    fc.string().map((text) => `<a>${text}</a>`),
  );
  const wires = fc.record({
    method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH'),
    path: fc.oneof(
      fc.constantFrom('/', '/bucket', '/bucket/key', '/2015-03-31/functions', '/restapis', '/%'),
      fc.webPath(),
      fc.string().map((text) => `/${text}`),
    ),
    query: fc.oneof(fc.constantFrom('', 'tagging', 'acl', 'delete', 'Action=ListRoles'), fc.string()),
    headers: fc.record(
      {
        'content-type': fc.constantFrom('application/json', 'application/x-amz-json-1.1', 'text/xml', 'x'),
        'content-encoding': fc.constantFrom('aws-chunked', 'gzip'),
        'x-amz-content-sha256': fc.constantFrom('STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'UNSIGNED-PAYLOAD'),
        'if-modified-since': fc.string(),
      },
      { requiredKeys: [] },
    ),
    body: noise.map((text) => new Uint8Array(Buffer.from(text))),
  });

  test.each(Object.keys(loadIndex()))('%s', (service) => {
    const model = loadModel(service);
    fc.assert(
      fc.property(wires, fc.constantFrom(...model.operationNames), noise, (wire, operation, text) => {
        const target = `${model.json.targetPrefix}.${operation}`;
        for (const candidate of [wire, json(target, text), form(`Action=${operation}&${text}`)]) {
          const error = refusal(model, candidate as WireRequest);
          if (error !== undefined && !(error instanceof AwsError)) throw error;
        }
      }),
      { numRuns: 150, seed: 7 },
    );
  });
});
