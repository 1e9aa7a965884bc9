'use strict';

// The handler's second argument: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html

function parseJson(text, what) {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot parse ${what} as json: ${error}`);
  }
}

/** `deadline` is on this process's monotonic clock, so that a wrong wall clock does no harm. */
function buildContext(head, deadline, waitForEmptyLoop) {
  const env = process.env;
  const context = {
    get callbackWaitsForEmptyEventLoop() {
      return waitForEmptyLoop.value;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waitForEmptyLoop.value = value;
    },
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parseJson(head.clientContext, 'ClientContext'),
    identity: undefined,
    invokedFunctionArn: head.invokedFunctionArn,
    awsRequestId: head.requestId,
    tenantId: undefined,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
  return context;
}

module.exports = { buildContext };
