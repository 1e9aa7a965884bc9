/** Where a request is meant to go, told by its host, path and credential scope alone. */
export type Route =
  | { to: 'internal'; path: string }
  /** `below` is the whole path below the API's name, of which HTTP APIs need not name a stage. */
  | { to: 'execute-api'; apiId: string; stage: string; path: string; below: string }
  /** `path` where it is not the request's own: a site that is asked for by path, not by name. */
  | { to: 'edge'; site: string; path?: string }
  | { to: 'code'; secret: string }
  | { to: 'registry'; path: string }
  | { to: 'custom-resource'; host: string; token: string }
  /** `stranger` is a name that says nothing: a custom domain of an API, or another name of this engine. */
  | { to: 'aws'; service: string | undefined; region: string | undefined; path: string; stranger?: string }
  | { to: 'unknown-name'; host: string };

/** Names the engine answers for, and how what stands before them is read. */
const LOCAL =
  /(?:^|\.)(?:localhost|localhost\.localstack\.cloud|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|host\.docker\.internal)$/;
const AMAZON = /\.(?:amazonaws\.com|api\.aws|on\.aws)$/;
const REGION = /^(?:us|eu|ap|sa|ca|me|af|il|mx)-(?:[a-z]+-)?[a-z]+-\d$/;

/** Host prefixes of AWS endpoints that are not the signing name. */
const ALIASES: Record<string, string> = { email: 'ses', monitoring: 'monitoring', 'api.ecr': 'ecr' };

/**
 * Decides the way of a request.
 * @param host the Host header, with or without port
 * @param path raw path, without query
 * @param scope the service in the credential scope, if signed
 */
export function route(host: string, path: string, scope: string | undefined): Route {
  const way = wayOf(host, path, scope);
  // HTTP APIs are a service of their own that signs as REST APIs do: only the path tells them apart.
  if (way.to === 'aws' && way.service === 'apigateway' && HTTP_APIS.test(way.path))
    return { ...way, service: 'apigatewayv2' };
  // CloudWatch signs by another name than it is known by.
  if (way.to === 'aws' && way.service === 'monitoring') return { ...way, service: 'cloudwatch' };
  return way;
}

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/resources.html */
const HTTP_APIS = /^\/v2(?:\/|$)/;

function wayOf(host: string, path: string, scope: string | undefined): Route {
  const name = host.replace(/:\d+$/, '').toLowerCase();

  const site = /^\/_tierkit\/sites\/([^/]+)(\/.*)?$/.exec(path);
  if (site) return { to: 'edge', site: site[1]!, path: site[2] ?? '/' };
  const code = /^\/_tierkit\/code\/([^/]+)\//.exec(path);
  if (code) return { to: 'code', secret: code[1]! };

  if (path.startsWith('/_localstack/') || path.startsWith('/_tierkit/') || path === '/_localstack')
    return { to: 'internal', path };

  // Docker signs nothing: operations of AWS below /v2 (API Gateway's HTTP APIs) do.
  if (scope === undefined && /^\/v2(\/|$)/.test(path) && LOCAL.test(name)) return { to: 'registry', path };

  const userRequest = /^\/(?:_aws\/execute-api|restapis)\/([^/]+)\/([^/]+)(?:\/_user_request_)?(\/.*)?$/.exec(
    path,
  );
  if (userRequest && (path.startsWith('/_aws/') || path.includes('/_user_request_'))) {
    const [, apiId = '', stage = '', rest] = userRequest;
    return { to: 'execute-api', apiId, stage, path: rest ?? '/', below: `/${stage}${rest ?? ''}` };
  }
  const root = /^\/_aws\/execute-api\/([^/]+)\/?$/.exec(path);
  if (root) return { to: 'execute-api', apiId: root[1]!, stage: '', path: '/', below: '/' };

  const api = /^([a-z0-9]+)\.execute-api\./.exec(name);
  if (api) {
    const [, stage = '', rest = '/'] = /^\/([^/]*)(\/.*)?$/.exec(path) ?? [];
    return { to: 'execute-api', apiId: api[1]!, stage, path: rest, below: path };
  }

  if (/^[a-z0-9]+\.cloudfront\./.test(name)) return { to: 'edge', site: name.split('.')[0] ?? '' };

  if (name.startsWith('cloudformation-custom-resource-response-')) {
    return { to: 'custom-resource', host: name, token: path.slice(1) };
  }

  const bucket =
    /^(.+)\.s3(?:[.-](?:dualstack\.)?([a-z0-9-]+))?\.(?:amazonaws\.com|localhost(?:\.localstack\.cloud)?)$/.exec(
      name,
    );
  if (bucket && !(bucket[2] === undefined && name.startsWith('s3.'))) {
    const region = bucket[2] && REGION.test(bucket[2]) ? bucket[2] : undefined;
    return { to: 'aws', service: scope ?? 's3', region, path: `/${bucket[1]}${path}` };
  }

  if (LOCAL.test(name)) {
    const prefix = /^(?:.*\.)?([a-z0-9-]+)\.localhost(?:\.localstack\.cloud)?$/.exec(name)?.[1];
    const way = {
      to: 'aws' as const,
      service: scope ?? (prefix === 's3' ? 's3' : undefined),
      region: undefined,
      path,
    };
    // `api.example.com.localhost` is where a browser finds `api.example.com` without /etc/hosts.
    const domain = /^([a-z0-9-]+(?:\.[a-z0-9-]+)+)\.localhost$/.exec(name)?.[1];
    return scope === undefined && domain ? { ...way, stranger: domain } : way;
  }

  if (AMAZON.test(name)) {
    const labels = name
      .replace(AMAZON, '')
      .split('.')
      .filter((label) => label !== 'dualstack');
    const region = labels.find((label) => REGION.test(label));
    const rest = labels.filter((label) => label !== region).join('.');
    // `vpce-….` names and the `s3-region` form are the same services behind other doors.
    const endpoint = ALIASES[rest] ?? rest.replace(/^vpce-[a-z0-9-]+\./, '').replace(/^s3-.*$/, 's3');
    return endpoint
      ? { to: 'aws', service: scope ?? endpoint, region, path }
      : { to: 'unknown-name', host: name };
  }

  // Any other name that led here (a container's name) is taken for the endpoint, unless an API has it as its own.
  const way = { to: 'aws' as const, service: scope, region: undefined, path };
  return scope === undefined || scope === 'execute-api' ? { ...way, stranger: name } : way;
}
