import { Bed, proxyTo } from './support';

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed.stop());

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
describe('payload format 2.0', () => {
  test('tells the request as the documentation shows it', async () => {
    const arn = await bed.echo('two');
    const api = await bed.newApi();
    await api.route('POST /my/{name}', proxyTo(arn));
    await api.stage('$default', { StageVariables: { colour: 'blue' } });
    const event = await api.event('/my/p%C3%A4th?parameter1=value1&parameter1=value2&parameter2=value', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Header2: ['value1', 'value2'],
        Cookie: 'cookie1=a; cookie2=b',
        'User-Agent': 'agent',
      },
      body: '{"a":1}',
    });
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /my/{name}',
      rawPath: '/my/päth',
      rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=value',
      cookies: ['cookie1=a', 'cookie2=b'],
      headers: {
        'content-type': 'application/json',
        'content-length': '7',
        header2: 'value1,value2',
        'user-agent': 'agent',
        host: `${api.id}.execute-api.us-east-1.amazonaws.com`,
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
      },
      queryStringParameters: { parameter1: 'value1,value2', parameter2: 'value' },
      requestContext: {
        accountId: '000000000000',
        apiId: api.id,
        domainName: `${api.id}.execute-api.us-east-1.amazonaws.com`,
        domainPrefix: api.id,
        http: {
          method: 'POST',
          path: '/my/päth',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'agent',
        },
        requestId: expect.stringMatching(/^[\w-]{15}=$/),
        routeKey: 'POST /my/{name}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      pathParameters: { name: 'päth' },
      stageVariables: { colour: 'blue' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  test('leaves out what there is not; a named stage is part of the path', async () => {
    const arn = await bed.echo('bare');
    const api = await bed.newApi();
    await api.route('GET /', proxyTo(arn));
    await api.stage('dev');
    const event = await api.event('/dev/');
    expect(event).toMatchObject({ rawPath: '/dev/', rawQueryString: '', isBase64Encoded: false });
    for (const name of ['cookies', 'queryStringParameters', 'pathParameters', 'stageVariables', 'body'])
      expect(event).not.toHaveProperty(name);
    expect(event.requestContext).not.toHaveProperty('authorizer');
    expect(event.requestContext).toMatchObject({ stage: 'dev', http: { path: '/dev/' } });
  });

  test.each([
    ['text/plain', false],
    ['application/json; charset=utf-8', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    [undefined, true],
  ])('a body of type %s comes in base64: %s', async (type, isBase64Encoded) => {
    const api = await echoed('typed');
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const event = await api.event('/', { method: 'POST', headers, body: 'a=1' });
    expect(event).toMatchObject({
      isBase64Encoded,
      body: isBase64Encoded ? Buffer.from('a=1').toString('base64') : 'a=1',
    });
  });
});

test('payload format 1.0 is that of REST APIs, with names of headers in lower case', async () => {
  const arn = await bed.echo('one');
  const api = await bed.newApi();
  await api.route('GET /pets/{proxy+}', proxyTo(arn, '1.0'));
  await api.stage();
  const event = await api.event('/pets/dog/1?a=1&a=2', { headers: { Cookie: 'c=1', 'X-Two': ['1', '2'] } });
  expect(event).toMatchObject({
    version: '1.0',
    resource: '/pets/{proxy+}',
    path: '/pets/dog/1',
    httpMethod: 'GET',
    headers: { cookie: 'c=1', 'x-two': '2' },
    multiValueHeaders: { 'x-two': ['1', '2'] },
    queryStringParameters: { a: '2' },
    multiValueQueryStringParameters: { a: ['1', '2'] },
    pathParameters: { proxy: 'dog/1' },
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      resourceId: null,
      resourcePath: '/pets/{proxy+}',
      stage: '$default',
      authorizer: { claims: null, scopes: null },
      identity: { sourceIp: '127.0.0.1', userArn: null },
    },
  });
});

const echoes = new Map<string, Promise<Awaited<ReturnType<Bed['newApi']>>>>();

/** An API whose every route tells the event. */
function echoed(name: string) {
  let api = echoes.get(name);
  if (!api) {
    api = (async () => {
      const arn = await bed.echo(name);
      const made = await bed.newApi();
      await made.route('$default', proxyTo(arn));
      await made.stage();
      return made;
    })();
    echoes.set(name, api);
  }
  return api;
}
