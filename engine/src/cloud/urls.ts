import type { LocalCloud } from './local-cloud';

/** Where what is deployed answers, reachable without DNS. */
export interface Urls {
  endpoint: string;
  sites: { id: string; domainName: string; url: string; comment: string }[];
  apis: { id: string; name: string; stage: string; url: string }[];
  databases: { id: string; engine: string; endpoint: string; host: string; port: number }[];
  /** What is down because this machine lacks it, and what to do about that. */
  warnings: string[];
}

/** Asks the services what is deployed in the default account. */
export async function urls(cloud: LocalCloud): Promise<Urls> {
  const host = cloud.host();
  const found: Urls = {
    endpoint: cloud.endpoint,
    sites: [],
    apis: [],
    databases: [],
    warnings: cloud.servers.missing,
  };
  const distributions = await host.invoke('cloudfront', 'ListDistributions', {});
  for (const item of distributions.DistributionList?.Items ?? []) {
    const url = cloud.edge.urlOf(item.Id ?? '');
    if (url)
      found.sites.push({
        id: item.Id ?? '',
        domainName: item.DomainName ?? '',
        url,
        comment: item.Comment ?? '',
      });
  }
  const apis = await host.invoke('apigateway', 'GetRestApis', { limit: 500 });
  for (const api of apis.items ?? []) {
    const stages = await host.invoke('apigateway', 'GetStages', { restApiId: api.id });
    for (const stage of stages.item ?? []) {
      found.apis.push({
        id: api.id ?? '',
        name: api.name ?? '',
        stage: stage.stageName ?? '',
        url: `${cloud.endpoint}/restapis/${api.id}/${stage.stageName}/_user_request_/`,
      });
    }
  }
  for (const { host: name, port, target } of cloud.parts.names.all()) {
    const engine = name.includes('.rds.') ? 'postgres' : name.includes('.cache.') ? 'valkey' : 'unknown';
    found.databases.push({
      id: name.split('.')[0] ?? name,
      engine,
      endpoint: `${name}:${port}`,
      host: target.host,
      port: target.port,
    });
  }
  return found;
}
