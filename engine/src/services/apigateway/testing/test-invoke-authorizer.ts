import type { Authorizer, TestInvokeAuthorizerResponse } from '@aws-sdk/client-api-gateway';
import { poolClaims } from '../../../execute-api/authorizers/cognito';
import { ask } from '../../../execute-api/authorizers/lambda';
import { compile } from '../../../execute-api/deployed';
import type { Exchange } from '../../../execute-api/exchange';
import { DEFAULT_STATUS, Fault } from '../../../execute-api/faults';
import { newExchange } from '../../../execute-api/run';
import type { Operation } from '../../../kernel';
import { requireAuthorizer } from '../authorizers/authorizers';
import { requireApi } from '../errors';
import { snapshotOf } from '../stages/snapshot';
import { newStage } from '../stages/stages';
import { tables } from '../store';
import { testRequest } from './test-request';

/**
 * Asks an authorizer as it is now, without its cache and without a method.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeAuthorizer.html
 */
export const testInvokeAuthorizer: Operation<'apigateway', 'TestInvokeAuthorizer'> = async (input, call) => {
  const api = requireApi(call, input.restApiId);
  const authorizer = requireAuthorizer(call, api.id, input.authorizerId);
  const stage = { ...newStage(call, 'test-invoke-stage', ''), variables: input.stageVariables };
  const snapshot = snapshotOf(tables(call), api);
  const deployed = compile({ account: call.account, region: call.region, stage, snapshot });
  const exchange = newExchange(call, deployed, testRequest(input, 'GET'), {
    log: true,
    testedBy: call.principal,
  });
  exchange.testContext = input.additionalContext;
  exchange.route = {
    resource: { id: 'test-invoke-resource-id', path: '/', methods: {} },
    method: { httpMethod: 'GET' },
    pathParameters: {},
  };
  const answer = await answerOf(exchange, authorizer);
  return { ...answer, log: exchange.log?.text(), latency: call.clock.millis() - exchange.startedAt };
};

async function answerOf(exchange: Exchange, authorizer: Authorizer): Promise<TestInvokeAuthorizerResponse> {
  try {
    // As the command line's reference shows it, what succeeds has the status 0.
    if (authorizer.type === 'COGNITO_USER_POOLS')
      return { clientStatus: 0, claims: await poolClaims(exchange, authorizer) };
    const { verdict } = await ask(exchange, authorizer);
    const { policyText: policy, principalId } = verdict;
    return { clientStatus: 0, principalId, policy, authorization: {} };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    tell(exchange, error);
    return { clientStatus: Number(error.status ?? DEFAULT_STATUS[error.type] ?? 500) };
  }
}

function tell({ log }: Exchange, { errorType, reason, told }: Fault): void {
  if (reason) log?.add(reason);
  log?.add(told ?? errorType);
}
