import { compile } from '../../../execute-api/deployed';
import { HeaderList } from '../../../execute-api/headers';
import { run } from '../../../execute-api/run';
import type { Operation } from '../../../kernel';
import { requireCertificate } from '../client-certificates';
import { requireApi } from '../errors';
import { requireMethod } from '../methods/methods';
import { snapshotOf } from '../stages/snapshot';
import { newStage } from '../stages/stages';
import { identityOf, tables } from '../store';
import { testRequest } from './test-request';
import { firstPart } from './test-stream';

const STAGE = 'test-invoke-stage';

/**
 * Runs the API as it is now, not as it was deployed, and tells what it did.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html
 */
export const testInvokeMethod: Operation<'apigateway', 'TestInvokeMethod'> = async (input, call) => {
  const api = requireApi(call, input.restApiId);
  const { resource, method } = requireMethod(call, api.id, input.resourceId, input.httpMethod);
  const snapshot = snapshotOf(tables(call), api);
  const stage = { ...newStage(call, STAGE, ''), variables: input.stageVariables };
  // Tests of a method need no key, reach a closed endpoint, and meet no policy.
  snapshot.disableExecuteApiEndpoint = false;
  snapshot.policy = undefined;
  snapshot.resources = [
    { ...resource, methods: { [method.httpMethod ?? '']: { ...method, apiKeyRequired: false } } },
  ];
  const shown = input.clientCertificateId && requireCertificate(call, input.clientCertificateId);
  const deployed = compile({
    account: call.account,
    region: call.region,
    stage,
    snapshot,
    ...(shown && { identity: identityOf(shown) }),
  });
  const httpMethod = input.httpMethod === 'ANY' ? 'GET' : (input.httpMethod ?? 'GET');
  const request = testRequest(input, httpMethod, resource.path);
  const begunAt = call.clock.millis();
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/response-streaming-troubleshoot.html
  const log = method.methodIntegration?.responseTransferMode !== 'STREAM';
  const first = await firstPart(call.clock, run(call, deployed, request, { log, testedBy: call.principal }));
  if (!first) return { status: 0, latency: call.clock.millis() - begunAt };
  const { exchange, response } = first.ran;
  const headers = new HeaderList();
  for (const [name, value] of response.headers.entries) headers.append(name, value);
  return {
    status: response.status,
    body: first.body.toString('utf8'),
    headers: headers.single(),
    multiValueHeaders: headers.multi(),
    log: exchange.log?.text(),
    latency: call.clock.millis() - exchange.startedAt,
  };
};
