import { Decided } from '../identity/decisions/decided';
import { Context, decide, Policy } from '../identity/policies';
import type { Principal } from '../kernel';
import { parsePolicy } from '../kernel/policy-document';
import { compiledOnce } from './deployed';
import type { Exchange } from './exchange';
import { notAuthorized } from './faults';

const ACTION = 'execute-api:Invoke';
const ANYBODY: Principal = { type: 'anonymous', account: '', arn: 'anonymous', userId: 'anonymous' };

/**
 * An API's policy, as it was deployed, must let in whoever calls a method. Methods know no callers by name yet.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function resourcePolicy(exchange: Exchange): void {
  const { deployed, request } = exchange;
  const { policy: text, apiId } = deployed.snapshot;
  if (text === undefined) return;
  const policy = compiledOnce(deployed, 'policy', () => new Policy(apiId, parsePolicy(text, 'resource')));
  const path = `${apiId}/${deployed.stage.stageName}/${request.method}${request.path}`;
  const arnOf = (account: string) => `arn:aws:execute-api:${deployed.region}:${account}:${path}`;
  const asked = {
    request: {
      caller: ANYBODY,
      action: ACTION,
      resource: arnOf(deployed.account),
      context: contextOf(exchange),
    },
    layers: { identity: [], resource: policy },
    side: { account: deployed.account, policy: 'required' as const },
  };
  const decision = decide(asked.request, asked.layers, asked.side);
  const at = exchange.host.clock.millis();
  exchange.host.parts.events.emit(new Decided(exchange, { ...asked, at, decision, audit: false }));
  if (decision.allowed) return;
  const masked = arnOf(`${'*'.repeat(8)}${deployed.account.slice(8)}`);
  const how = 'explicit' in decision ? ' with an explicit deny' : '';
  throw notAuthorized(`User: anonymous is not authorized to perform: ${ACTION} on resource: ${masked}${how}`);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html */
function contextOf({ host, request }: Exchange): Context {
  return (
    new Context()
      .set('aws:SourceIp', request.sourceIp)
      .set('aws:UserAgent', request.headers.get('user-agent'))
      .set('aws:Referer', request.headers.get('referer'))
      // APIs have no door for plain HTTP.
      .set('aws:SecureTransport', 'true')
      .set('aws:CurrentTime', () => [host.clock.now().toISOString()])
      .set('aws:EpochTime', () => [String(Math.floor(host.clock.millis() / 1000))])
  );
}
