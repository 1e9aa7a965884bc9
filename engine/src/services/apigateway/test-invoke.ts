import { compile } from '../../execute-api/deployed';
import type { ApiRequest } from '../../execute-api/exchange';
import { HeaderList } from '../../execute-api/headers';
import { parseQuery } from '../../execute-api/parse';
import { run } from '../../execute-api/run';
import { type Input, notImplemented, type Operation } from '../../kernel';
import { requireApi } from './errors';
import { requireMethod } from './methods';
import { snapshotOf } from './snapshot';
import { newStage } from './stages';
import { tables } from './store';

const STAGE = 'test-invoke-stage';

/**
 * Runs the API as it is now, not as it was deployed, and tells what it did.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html
 */
export const testInvokeMethod: Operation<'apigateway', 'TestInvokeMethod'> = async (input, call) => {
  const api = requireApi(call, input.restApiId);
  const { resource, method } = requireMethod(call, api.id, input.resourceId, input.httpMethod);
  if (input.clientCertificateId) throw notImplemented('API Gateway TestInvokeMethod clientCertificateId');
  const snapshot = snapshotOf(tables(call), api);
  const stage = { ...newStage(call, STAGE, ''), variables: input.stageVariables };
  // Tests of a method need no key, reach a closed endpoint, and meet no policy.
  snapshot.disableExecuteApiEndpoint = false;
  snapshot.policy = undefined;
  snapshot.resources = [
    { ...resource, methods: { [method.httpMethod ?? '']: { ...method, apiKeyRequired: false } } },
  ];
  const deployed = compile({ account: call.account, region: call.region, stage, snapshot });
  const request = requestOf(input, resource.path);
  const { exchange, response } = await run(call, deployed, request, { log: true, testedBy: call.principal });
  const headers = new HeaderList();
  for (const [name, value] of response.headers.entries) headers.append(name, value);
  return {
    status: response.status,
    body: response.body.toString('utf8'),
    headers: headers.single(),
    multiValueHeaders: headers.multi(),
    log: exchange.log?.text(),
    latency: call.clock.millis() - exchange.startedAt,
  };
};

function requestOf(input: Input<'apigateway', 'TestInvokeMethod'>, resourcePath: string): ApiRequest {
  const given = input.pathWithQueryString ?? '';
  const [path = '', query = ''] = given.split('?', 2);
  const headers = new HeaderList();
  for (const [name, values] of Object.entries(input.multiValueHeaders ?? {})) {
    for (const value of values) headers.append(name, value);
  }
  for (const [name, value] of Object.entries(input.headers ?? {})) headers.append(name, value);
  const from = path === '' ? resourcePath : `/${path.replace(/^\/+/, '')}`;
  return {
    method: input.httpMethod === 'ANY' ? 'GET' : (input.httpMethod ?? 'GET'),
    path: from,
    stagePath: from,
    headers,
    query: parseQuery(query),
    body: Buffer.from(input.body ?? ''),
    sourceIp: 'test-invoke-source-ip',
    protocol: 'HTTP/1.1',
    domainName: 'testPrefix.testDomainName',
  };
}
