import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { isAwsError, type Principal } from '../../kernel';
import { formatTraceHeader, newSegmentId } from '../../observe/tracing';
import type { Exchange } from '../exchange';
import { authorizerMisconfigured, authorizerTimedOut, Fault, unauthorized } from '../faults';
import { roleSession } from '../integrations/credentials';
import { logRequest } from '../integrations/endpoint-log';
import { ownerOf } from '../integrations/lambda-custom';
import { withStageVariables } from '../mapping';
import { traceCall } from '../seen/segments';
import { functionCall } from '../tracing';

const URI = /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/;

/** As long as integrations may take. */
const PATIENCE = 29_000;

/** Asks the authorizer's function; what it answered is still to be read. */
export async function invokeAuthorizer(
  exchange: Exchange,
  authorizer: Authorizer,
  event: Record<string, unknown>,
): Promise<string> {
  let cancel = () => {};
  const timeout = new Promise<never>((_resolve, reject) => {
    cancel = exchange.host.clock.after(PATIENCE, () => reject(authorizerTimedOut()));
  });
  try {
    return await Promise.race([invoke(exchange, authorizer, JSON.stringify(event)), timeout]);
  } finally {
    cancel();
  }
}

async function invoke(exchange: Exchange, authorizer: Authorizer, event: string): Promise<string> {
  const { deployed, host, log } = exchange;
  const functionArn = URI.exec(
    withStageVariables(authorizer.authorizerUri ?? '', deployed.stage.variables),
  )?.[1];
  if (!functionArn) throw authorizerMisconfigured('Invalid endpoint address');
  const as = await callerOf(exchange, authorizer);
  const payload = Buffer.from(event);
  if (log) {
    const uri = `https://lambda.${deployed.region}.amazonaws.com/2015-03-31/functions/${functionArn}/invocations`;
    const headers = {
      'x-amzn-apigateway-api-id': deployed.snapshot.apiId,
      'X-Amz-Source-Arn': authorizerArn(exchange, authorizer),
      Accept: 'application/json',
      'User-Agent': `AmazonAPIGateway_${deployed.snapshot.apiId}`,
    };
    logRequest(exchange, { uri, headers, payload: { binary: false, bytes: payload }, signed: true });
  }
  const owner = ownerOf(functionArn, deployed);
  const traced = tracedApart(exchange, functionArn, owner.region);
  try {
    const output = await host.invoke(
      'lambda',
      'Invoke',
      { FunctionName: functionArn, InvocationType: 'RequestResponse', Payload: payload },
      { as, ...owner, trace: traced.trace },
    );
    traced.ended(200, output.Payload?.length ?? 0);
    const answer = Buffer.from(output.Payload ?? []).toString('utf8');
    if (output.FunctionError && isUnauthorized(answer)) throw refused(exchange);
    log?.add(`Authorizer result body before parsing: ${answer}`);
    return answer;
  } catch (error) {
    if (!isAwsError(error)) throw error;
    traced.ended(error.status, 0);
    throw authorizerMisconfigured(
      error.code === 'AccessDeniedException'
        ? 'Invalid permissions on Lambda function'
        : `Lambda answered ${error.code}: ${error.message}`,
    );
  }
}

/** What the authorizer's function leads to hangs on a call of its own, beside the integration's. */
function tracedApart(exchange: Exchange, functionArn: string, region: string) {
  const { host, trace, tracing } = exchange;
  if (!tracing) return { trace, ended: () => {} };
  const id = newSegmentId(host);
  const startedAt = host.clock.millis();
  const call = functionCall(functionArn, region);
  return {
    trace: formatTraceHeader({ root: tracing.root, parent: id, sampled: true }),
    ended: (status: number | undefined, length: number) =>
      traceCall(exchange, { id, call, startedAt, status, length }),
  };
}

/** A function that fails with this word has no say in what is wrong, but who is. */
function isUnauthorized(answer: string): boolean {
  try {
    const error: unknown = JSON.parse(answer);
    return (
      typeof error === 'object' && error !== null && Reflect.get(error, 'errorMessage') === 'Unauthorized'
    );
  } catch {
    return false;
  }
}

/** Without a say in the function's own error: the caller is not known. */
export function refused({ log, requestId }: Exchange): Fault {
  log?.add(`Unauthorized request: ${requestId}`);
  return unauthorized();
}

async function callerOf(exchange: Exchange, authorizer: Authorizer): Promise<Principal> {
  const { deployed, host } = exchange;
  const role = authorizer.authorizerCredentials;
  if (!role) {
    return host.parts.identity.servicePrincipal('apigateway.amazonaws.com', deployed.account, {
      sourceArn: authorizerArn(exchange, authorizer),
      sourceAccount: deployed.account,
    });
  }
  try {
    return await roleSession(exchange, withStageVariables(role, deployed.stage.variables));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw authorizerMisconfigured(`API Gateway does not have permission to assume the provided role ${role}`);
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html */
function authorizerArn({ deployed }: Exchange, { id }: Authorizer): string {
  const { account, region, snapshot } = deployed;
  return `arn:aws:execute-api:${region}:${account}:${snapshot.apiId}/authorizers/${id}`;
}
