import type { BlockResponse } from '../../edge/waf/rules';
import type { Verdict } from '../../edge/waf/web-acl';
import type { ApiResponse, Exchange } from '../exchange';
import { blocked, forbidden } from '../faults';
import { HeaderList } from '../headers';
import { remap } from '../integrations/remapped';
import { tellUnexpected } from '../tell';

/** What a web ACL's headers begin with, so that nobody takes them for the caller's. */
const INSERTED = 'x-amzn-waf-';

/**
 * Holds a request against the web ACL of its stage, before anything else may let it in or not.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
 */
export function waf(exchange: Exchange): void | Promise<void> {
  const { deployed, testedBy } = exchange;
  if (deployed.stage.webAclArn && !testedBy) return inspect(exchange, deployed.stage.webAclArn);
}

async function inspect(exchange: Exchange, arn: string): Promise<void> {
  const { host, request } = exchange;
  const { path, query } = urlOf(exchange);
  const began = host.clock.millis();
  let verdict: Verdict | undefined;
  try {
    // Loaded with the first request that has a web ACL in front.
    const { webAcls } = await import('../../edge/waf');
    verdict = await webAcls(host).judge(arn, {
      method: request.method,
      path,
      query,
      headers: request.headers.entries,
      body: request.body,
      sourceIp: request.sourceIp,
      protocol: request.protocol,
    });
    if (!verdict) throw new Error(`there is no web ACL ${arn}`);
  } catch (error) {
    // Requests that cannot be inspected are let through.
    exchange.waf = { arn, latency: host.clock.millis() - began, status: 500, error: 'Internal server error' };
    exchange.log?.add(`AWS WAF failed: ${tellUnexpected(host, 'waf', error)}`);
    return;
  }
  const { effect, inserted, response } = verdict;
  exchange.waf = {
    arn,
    latency: host.clock.millis() - began,
    responseCode: effect === 'Block' ? 'WAF_BLOCK' : 'WAF_ALLOW',
    status: effect === 'Block' ? (response?.status ?? 403) : 200,
  };
  if (effect === 'Block') throw response ? blocked(customised(response)) : forbidden('WAF_FILTERED');
  for (const { Name = '', Value = '' } of inserted) {
    request.headers.set(INSERTED + Name, Buffer.from(Value).toString('latin1'));
  }
}

/** What callers asked for, in bytes: of the addresses that only this engine has, what AWS's would be. */
function urlOf({ request }: Exchange): { path: string; query: string } {
  const url = request.url ?? '';
  const at = url.indexOf('?');
  return { path: request.stagePath, query: at < 0 ? '' : url.slice(at + 1) };
}

function customised({ body, headers: given, status }: BlockResponse): ApiResponse {
  const headers = new HeaderList();
  if (body) headers.append('Content-Type', body.type);
  for (const { Name = '', Value = '' } of given) headers.append(Name, Buffer.from(Value).toString('latin1'));
  return { status, headers: remap(headers), body: Buffer.from(body?.text ?? '') };
}
