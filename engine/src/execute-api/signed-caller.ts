import type { Host, Needed, Principal, VpcEndpoint } from '../kernel';
import type { HeaderList } from './headers';

/** What is asked about the caller of any kind of API. */
interface CalledApi {
  readonly host: Host;
  readonly deployed: { readonly account: string; readonly region: string };
  readonly request: {
    readonly method: string;
    readonly sentMethod?: string;
    readonly url?: string;
    readonly headers: HeaderList;
    readonly body: Buffer;
    readonly sourceIp: string;
    readonly endpoint?: VpcEndpoint;
  };
  readonly requestId: string;
}

/** Who signed the request; undefined where nobody did. Throws AWS's refusal of what is wrong with a signature. */
export function signerOf({ host, request }: CalledApi): Principal | undefined {
  const { body, headers, method, sentMethod, url = '' } = request;
  return host.parts.callers.identify({
    signingName: 'execute-api',
    method: sentMethod ?? method,
    url,
    headers: headers.entries,
    body,
  });
}

interface Asked {
  principal: Principal;
  /** The service whose API it is, and what decisions about it are called. */
  service: 'apigateway' | 'apigatewayv2';
  operation: string;
  needed: Omit<Needed, 'owner'>;
}

/** Throws AWS's refusal where the caller may not do this with the API. */
export function permit({ deployed, host, request, requestId }: CalledApi, asked: Asked): Promise<void> {
  const { account, region } = deployed;
  const headers = Object.entries(request.headers.single());
  return host.parts.callers.permit({
    ...asked,
    needed: { ...asked.needed, owner: account },
    account,
    region,
    requestId,
    endpoint: request.endpoint,
    http: {
      method: request.method,
      url: request.url ?? '',
      host: request.headers.get('host') ?? '',
      headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
      sourceIp: request.sourceIp,
      // APIs have no door for plain HTTP.
      secure: true,
    },
  });
}
