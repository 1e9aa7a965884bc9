import { UpdateIntegrationCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { proxyTo } from '../apigateway/support';
import { Bed, custom } from './integrations-bed';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html */
let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed.stop());

const json = { 'content-type': 'application/json' };

test('what the request’s template overrides of the response holds, and the response’s template sees it', async () => {
  const api = await bed.newApi();
  await custom(
    api,
    'GET',
    '/{id}',
    {
      type: 'MOCK',
      requestTemplates: {
        'application/json': `#set($name = "foo")
#set($context.requestOverride.querystring[$name] = "bar")
$context.requestOverride.querystring.put("more", "baz")
#if($input.params('id') == "none")#set($context.responseOverride.status = 404)#set($context.responseOverride.header.why = "none")#end
{"statusCode": 200}`,
      },
    },
    {
      responses: [
        {
          responseTemplates: {
            'application/json': `#set($query = $context.requestOverride.querystring)
{"foo": "$query.foo", "more": "$query['more']"}`,
          },
        },
      ],
    },
  );
  await api.deploy();
  const found = await api.fetch('/7');
  expect([found.status, await found.json()]).toEqual([200, { foo: 'bar', more: 'baz' }]);
  const none = await api.fetch('/none');
  expect([none.status, none.headers.get('why')]).toEqual([404, 'none']);
});

test('stage variables and aliases in the function’s ARN, and patches of an integration', async () => {
  const api = await bed.newApi();
  const echo = await bed.newFunction('echo', 'exports.handler = async (event) => event;');
  const where = await custom(api, 'POST', '/', { ...proxyTo(echo), type: 'AWS' });
  const patch = (path: string, value: string) =>
    bed.api.send(
      new UpdateIntegrationCommand({ ...where, patchOperations: [{ op: 'replace', path, value }] }),
    );
  expect((await patch('/contentHandling', 'CONVERT_TO_TEXT')).contentHandling).toBe('CONVERT_TO_TEXT');
  expect((await patch('/contentHandling', '')).contentHandling).toBeUndefined();
  expect((await patch('/timeoutInMillis', '1000')).timeoutInMillis).toBe(1000);
  await expect(patch('/contentHandling', 'NO')).rejects.toThrow(/CONVERT_TO_BINARY, CONVERT_TO_TEXT/);
  await expect(patch('/credentials', 'nobody')).rejects.toThrow('Invalid ARN specified in the request');
  await patch('/requestTemplates/application~1json', '{"all": $input.body}');
  await patch('/uri', proxyTo(echo.replace(/echo$/, '${stageVariables.name}')).uri ?? '');
  await api.deploy();
  const post = () => api.fetch('/', { method: 'POST', body: '[1]', headers: json });
  expect((await post()).status).toBe(500);
  await bed.api.send(
    new UpdateStageCommand({
      restApiId: api.id,
      stageName: 'prod',
      patchOperations: [{ op: 'replace', path: '/variables/name', value: 'echo' }],
    }),
  );
  expect(await (await post()).json()).toEqual({ all: [1] });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html */
test.each([
  ['{"json": {"foo": "bar"}}', '$json', '{foo=bar}'],
  ['{"json": [{"foo": "bar"}]}', '$json', '[{"foo":"bar"}]'],
  ['{"json": [{"foo": "bar"}]}', '$json[0]', '{foo=bar}'],
  ['{"json": {"foo": [{"nested": "bar"}]}}', '$json', '{foo=[{"nested":"bar"}]}'],
  ['{"json": {"foo": "bar"}}', '$json.toString()', '{foo=bar}'],
  ['{}', '[$json][$json.nested]#if($json == $null)null#end#if($json == "")empty#end', '[][]nullempty'],
  ['{"json": []}', '[$json][$json.nested]#if($json == $null)null#end#if($json == "")empty#end', '[[]][]'],
  ['{"json": null}', '[$json]#if($json == $null)null#end', '[]null'],
] as const)('%s in %s prints %s', async (body, template, printed) => {
  const api = await bed.newApi();
  const text = await bed.newFunction(`text-${++count}`, 'exports.handler = async (event) => event;');
  await custom(
    api,
    'POST',
    '/',
    { ...proxyTo(text), type: 'AWS' },
    {
      responses: [
        { responseTemplates: { 'application/json': `#set($json = $input.path('$.json'))${template}` } },
      ],
    },
  );
  await api.deploy();
  expect(await (await api.fetch('/', { method: 'POST', body, headers: json })).text()).toBe(printed);
});
let count = 0;
