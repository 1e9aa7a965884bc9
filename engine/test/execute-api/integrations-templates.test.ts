import fc from 'fast-check';
import { Bed, custom, logOf, mock } from './integrations-bed';

let bed: Bed;
let api: Awaited<ReturnType<Bed['newApi']>>;
let count = 0;

beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed.stop());
beforeEach(async () => {
  api = await bed.newApi();
});

/** A Lambda integration would do, but a function that echoes shows the request's template without one in between. */
async function rendered(
  template: string,
  body: string,
  path = '/t',
  init: RequestInit = {},
): Promise<string> {
  const echo = await echoFunction();
  await custom(api, 'POST', path.split('?')[0] ?? path, {
    type: 'AWS',
    integrationHttpMethod: 'POST',
    uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${echo}/invocations`,
    requestTemplates: { 'application/json': template },
  });
  await api.deploy();
  const headers = { 'content-type': 'application/json', ...init.headers };
  return (await api.fetch(path, { method: 'POST', body, ...init, headers })).text();
}

let echoed: Promise<string> | undefined;
function echoFunction(): Promise<string> {
  echoed ??= bed.newFunction('echo', 'exports.handler = async (event) => event;');
  return echoed;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/example-photos.html */
test('the photo album of AWS’s pages', async () => {
  const album = {
    photos: {
      page: 1,
      pages: '1234',
      perpage: 100,
      total: '123398',
      photo: [
        {
          id: '12345678901',
          owner: '23456789@A12',
          title: 'Sample photo 1',
          ispublic: 1,
          isfriend: 0,
          isfamily: 0,
        },
        {
          id: '23456789012',
          owner: '34567890@B23',
          title: 'Sample photo 2',
          ispublic: 1,
          isfriend: 0,
          isfamily: 0,
        },
      ],
    },
  };
  const template = `#set($inputRoot = $input.path('$'))
{
    "photos": [
#foreach($elem in $inputRoot.photos.photo)
    {
        "id": "$elem.id",
        "owner": "$elem.owner",
        "title": "$elem.title",
        "ispublic": $elem.ispublic,
        "isfriend": $elem.isfriend,
        "isfamily": $elem.isfamily
    }#if($foreach.hasNext),#end

#end
    ]
}`;
  expect(JSON.parse(await rendered(template, JSON.stringify(album)))).toEqual({ photos: album.photos.photo });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#input-examples-mapping-templates */
test('all parameters, as AWS’s pages pass them through', async () => {
  const template = `#set($allParams = $input.params())
{
  "params" : {
    #foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
    "$type" : {
      #foreach($paramName in $params.keySet())
      "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
      #if($foreach.hasNext),#end
      #end
    }
    #if($foreach.hasNext),#end
    #end
  }
}`;
  const init = { headers: { 'x-quoted': 'a "b"' } };
  const { params } = JSON.parse(await rendered(template, '{}', '/t?type=1&type=2&x=a%26b', init)) as {
    params: Record<string, Record<string, string>>;
  };
  expect(params).toMatchObject({
    path: {},
    querystring: { type: '2', x: 'a&b' },
    header: { 'x-quoted': 'a "b"', 'content-type': 'application/json' },
  });
});

test('$context and stage variables', async () => {
  const template = `{"stage": "$context.stage", "method": "$context.httpMethod", "path": "$context.path",
    "resource": "$context.resourcePath", "ip": "$context.identity.sourceIp", "none": "$context.identity.user",
    "account": "$context.accountId", "override": "$context.requestOverride", "variable": "[$stageVariables.none]"}`;
  expect(JSON.parse(await rendered(template, '{}'))).toEqual({
    stage: 'prod',
    method: 'POST',
    path: '/prod/t',
    resource: '/t',
    ip: '127.0.0.1',
    none: '',
    account: '000000000000',
    override: '{path={}, header={}, querystring={}}',
    variable: '[]',
  });
});

test('$context lists its names as AWS does, and headers are what the gateway has', async () => {
  const template = `{"names": "#foreach($name in $context.keySet())$name #end",
    "identity": "#foreach($name in $context.identity.keySet())$name #end",
    "via": "$input.params('X-Forwarded-Proto') $input.params().header.get('Host')"}`;
  const { names, identity, via } = JSON.parse(await rendered(template, '{}')) as Record<string, string>;
  expect(names?.trim().split(' ')).toEqual([
    ...['resourceId', 'resourcePath', 'httpMethod', 'extendedRequestId', 'requestTime', 'path', 'accountId'],
    ...['protocol', 'requestOverride', 'stage', 'domainPrefix', 'requestTimeEpoch', 'requestId', 'identity'],
    ...['domainName', 'deploymentId', 'responseOverride', 'apiId'],
  ]);
  expect(identity).toContain('sourceIp');
  expect(via).toBe(`https ${api.id}.execute-api.us-east-1.amazonaws.com`);
});

test('JSON of any kind comes through as it is', async () => {
  const template = `{"same": $input.json('$'), "again": $input.json('$.in[0]')}`;
  const first = JSON.parse(await rendered(template, '{"in": [1]}')) as object;
  expect(first).toEqual({ same: { in: [1] }, again: 1 });
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const body = JSON.stringify({ in: [value] });
      const response = await api.fetch('/t', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(await response.json()).toEqual({ same: { in: [plain] }, again: plain });
    }),
    { numRuns: 60 },
  );
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html */
test('a response’s status and headers are overridden by what its template finds', async () => {
  await mock(
    api,
    '/override',
    `#set($context.responseOverride.status = 418)
#set($context.responseOverride.header.X-Not = "no")
#set($context.responseOverride.header['X-Reason'] = "teapot")
#set($context.responseOverride.header.Many = ["a", "b"])
{"was": "$context.responseOverride.status"}`.replace(
      /#set\(\$context\.responseOverride\.header\.X-Not.*\n/,
      '',
    ),
  );
  await api.deploy();
  const response = await api.fetch('/override', { method: 'POST' });
  expect([response.status, response.headers.get('x-reason'), response.headers.get('many')]).toEqual([
    418,
    'teapot',
    'a, b',
  ]);
  expect(await response.json()).toEqual({ was: '418' });
});

describe('what is broken', () => {
  test.each(['#if(true', '#foreach($x in [1])', '$input.path("$[")', '#set($x 1)', '$util.parseJson("{")'])(
    '%s is a 500, said in the log',
    async (template) => {
      const where = await mock(api, `/broken${++count}`, template);
      await api.deploy();
      const response = await api.fetch(`/broken${count}`, { method: 'POST' });
      expect([response.status, await response.text()]).toEqual([500, '{"message": "Internal server error"}']);
      const { lines } = await logOf(bed, where);
      expect(lines).toContain('Execution failed due to configuration error: Unable to transform response');
    },
  );

  test('a body that is no JSON is the caller’s fault', async () => {
    const text = await rendered('{"a": $input.json(\'$.a\')}', 'name=value');
    expect(JSON.parse(text)).toEqual({
      message: expect.stringMatching(/^Could not parse request body into json: Unrecognized token 'name'/),
    });
    expect((await api.fetch('/t', { method: 'POST', body: '{' })).status).toBe(400);
  });

  test('templates of more than 300 KB', async () => {
    await expect(mock(api, '/big', 'x'.repeat(300 * 1024 + 1))).rejects.toThrow(/larger than 300 KB/);
  });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html */
test.each([
  ['WHEN_NO_MATCH', { 'application/json': '{"statusCode": 200}' }, 'text/plain', 200],
  ['WHEN_NO_MATCH', { 'application/json': '{"statusCode": 200}' }, undefined, 200],
  ['WHEN_NO_TEMPLATES', { 'application/json': '{"statusCode": 200}' }, 'text/plain', 415],
  ['WHEN_NO_TEMPLATES', { 'text/plain': '{"statusCode": 200}' }, 'text/plain; charset=utf-8', 200],
  ['WHEN_NO_TEMPLATES', undefined, 'text/plain', 200],
  ['NEVER', undefined, 'application/json', 415],
  ['NEVER', { 'application/json': '{"statusCode": 200}' }, 'application/json', 200],
] as const)('%s with %j and %s is %d', async (passthroughBehavior, requestTemplates, type, status) => {
  await custom(api, 'POST', '/pass', { type: 'MOCK', passthroughBehavior, requestTemplates });
  await api.deploy();
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
  const response = await api.raw('/pass', {
    method: 'POST',
    headers,
    body: Buffer.from('{"statusCode": 200}'),
  });
  expect(response.status).toBe(status);
  if (status === 415) expect(String(response.body)).toBe('{"message": "Unsupported Media Type"}');
});

test('the template of the accepted type, else the first', async () => {
  const responseTemplates = { 'application/json': '{"json": true}', 'application/xml': '<xml/>' };
  await custom(
    api,
    'GET',
    '/accept',
    { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } },
    { responses: [{ responseTemplates }] },
  );
  await api.deploy();
  const get = async (accept: string) => {
    const response = await api.fetch('/accept', { headers: { accept } });
    return [response.headers.get('content-type'), await response.text()];
  };
  expect(await get('application/xml, */*')).toEqual(['application/xml', '<xml/>']);
  expect(await get('text/html')).toEqual(['application/json', '{"json": true}']);
});
