import type { DistributionSummary as Distribution } from '@aws-sdk/client-cloudfront';
import type { LocalCloud } from './local-cloud';

/** Where what is deployed answers, reachable without DNS. */
export interface Urls {
  endpoint: string;
  sites: Site[];
  apis: { id: string; name: string; stage: string; url: string }[];
  databases: { id: string; engine: string; endpoint: string; host: string; port: number }[];
  /** What is down because this machine lacks it, and what to do about that. */
  warnings: string[];
}

export interface Site {
  id: string;
  domainName: string;
  /** For a browser. */
  url: string;
  /** The same below a path of the engine's own port, for clients that cannot resolve `*.localhost`. */
  pathUrl: string;
  /** The port of its own that it answers on. */
  port?: number;
  comment: string;
}

/** Asks the services what is deployed in the default account; `asked` is the Host header of who wants to know. */
export async function urls(cloud: LocalCloud, asked?: string): Promise<Urls> {
  const host = cloud.host();
  const endpoint = cloud.parts.addresses.endpointFor(asked);
  const { hostname } = new URL(endpoint);
  const found: Urls = {
    endpoint,
    sites: [],
    apis: [],
    databases: [],
    warnings: cloud.servers.missing,
  };
  const distributions = await host.invoke('cloudfront', 'ListDistributions', {});
  for (const item of distributions.DistributionList?.Items ?? []) {
    found.sites.push(site(cloud, endpoint, item));
  }
  const apis = await host.invoke('apigateway', 'GetRestApis', { limit: 500 });
  for (const api of apis.items ?? []) {
    // Private APIs answer within VPCs alone.
    if (api.endpointConfiguration?.types?.[0] === 'PRIVATE') continue;
    const stages = await host.invoke('apigateway', 'GetStages', { restApiId: api.id });
    for (const stage of stages.item ?? []) {
      found.apis.push({
        id: api.id ?? '',
        name: api.name ?? '',
        stage: stage.stageName ?? '',
        url: `${endpoint}/restapis/${api.id}/${stage.stageName}/_user_request_/`,
      });
    }
  }
  found.apis.push(...(await httpApis(cloud, endpoint)));
  for (const { host: name, port, target } of cloud.parts.names.all()) {
    const engine = name.includes('.rds.') ? 'postgres' : name.includes('.cache.') ? 'valkey' : 'unknown';
    found.databases.push({
      id: name.split('.')[0] ?? name,
      engine,
      endpoint: `${name}:${port}`,
      host: target.host === '127.0.0.1' ? hostname : target.host,
      port: target.port,
    });
  }
  return found;
}

/** HTTP APIs: a stage without a name answers at the root. */
async function httpApis(cloud: LocalCloud, endpoint: string): Promise<Urls['apis']> {
  const host = cloud.host();
  const found: Urls['apis'] = [];
  let NextToken: string | undefined;
  do {
    const page = await host.invoke('apigatewayv2', 'GetApis', { NextToken });
    for (const { ApiId = '', Name: name = '' } of page.Items ?? []) {
      const { Items = [] } = await host.invoke('apigatewayv2', 'GetStages', { ApiId });
      for (const { StageName: stage = '' } of Items) {
        const path = stage === '$default' ? '' : `${stage}/`;
        found.push({ id: ApiId, name, stage, url: `${endpoint}/_aws/execute-api/${ApiId}/${path}` });
      }
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

function site(
  cloud: LocalCloud,
  endpoint: string,
  { Id = '', DomainName = '', Comment = '' }: Distribution,
): Site {
  const port = cloud.edge.portOf(Id);
  const pathUrl = `${endpoint}/_tierkit/sites/${Id}/`;
  const { hostname, port: enginePort } = new URL(endpoint);
  // Inside a container nobody knows which of its ports lead in from outside: only the one that was asked at does.
  const ownPort = cloud.external ? undefined : port;
  const named = `http://${DomainName.split('.')[0]}.cloudfront.localhost:${enginePort || 80}/`;
  const url = ownPort !== undefined ? `http://${hostname}:${ownPort}` : isLocal(hostname) ? named : pathUrl;
  return {
    id: Id,
    domainName: DomainName,
    url,
    pathUrl,
    ...(port === undefined ? {} : { port }),
    comment: Comment,
  };
}

const isLocal = (name: string) => name === '127.0.0.1' || name === 'localhost';
