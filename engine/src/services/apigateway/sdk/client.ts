import type { Method } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot } from '../../../execute-api/deployed';
import { SIGNING } from './signing';

export interface SdkMethod {
  name: string;
  verb: string;
  path: string;
  /** Names of its parameters by where they go. */
  parameters: { path: string[]; querystring: string[]; header: string[] };
  method: Method;
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** `/pets/{petId}` GET is `petsPetIdGet`, as API Gateway's own clients call it. */
function nameOf(path: string, verb: string): string {
  const words = path.split(/[^a-zA-Z0-9]+/).filter(Boolean);
  const [first = 'root', ...rest] = words;
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}${rest.map(capital).join('')}${capital(verb.toLowerCase())}`;
}

export function methodsOf(snapshot: ApiSnapshot): SdkMethod[] {
  const names = new Set<string>();
  return snapshot.resources.flatMap(({ path, methods }) =>
    Object.entries(methods).flatMap(([verb, method]) => {
      // Methods ANY are for the client's user to define.
      if (verb === 'ANY') return [];
      const parameters: SdkMethod['parameters'] = { path: [], querystring: [], header: [] };
      for (const [, name = ''] of path.matchAll(/\{([^}+]+)\+?\}/g)) parameters.path.push(name);
      for (const mapping of Object.keys(method.requestParameters ?? {})) {
        const [, , kind, ...name] = mapping.split('.');
        if (kind === 'querystring' || kind === 'header') parameters[kind].push(name.join('.'));
      }
      // Paths may differ in nothing but what names leave out: `/a-b` and `/a/b`.
      const plain = nameOf(path, verb);
      let name = plain;
      for (let count = 2; names.has(name); count++) name = `${plain}${count}`;
      names.add(name);
      return [{ name, verb, path, parameters, method }];
    }),
  );
}

/**
 * The client itself: one file, for browsers and for Node. With keys it signs every request, as AWS's does.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-generate-sdk-javascript.html
 */
export function clientText(methods: readonly SdkMethod[], invokeUrl: string, region: string): string {
  const table = methods.map(({ name, verb, path, parameters }) => [
    name,
    { verb, path, querystring: parameters.querystring, header: parameters.header },
  ]);
  return `/* A client of ${invokeUrl}: apigClientFactory.newClient({ apiKey, accessKey, secretKey, sessionToken, region, invokeUrl }) */
(function (global) {
  'use strict';
  var METHODS = ${JSON.stringify(Object.fromEntries(table), null, 2)};
${SIGNING}
  async function send(config, method, params, body, additional) {
    var all = params || {};
    var more = additional || {};
    var path = method.path.replace(/\\{([^}+]+)(\\+?)\\}/g, function (_match, name, greedy) {
      if (all[name] === undefined) throw new Error('Missing the path parameter ' + name);
      var parts = greedy ? String(all[name]).split('/') : [String(all[name])];
      return parts.map(escaped).join('/');
    });
    var query = [];
    method.querystring.forEach(function (name) { if (all[name] !== undefined) query.push([name, all[name]]); });
    Object.keys(more.queryParams || {}).forEach(function (name) { query.push([name, more.queryParams[name]]); });
    var headers = {};
    if (body !== undefined && body !== null && body !== '') headers['Content-Type'] = config.defaultContentType;
    headers.Accept = config.defaultAcceptType;
    if (config.apiKey) headers['x-api-key'] = config.apiKey;
    method.header.forEach(function (name) { if (all[name] !== undefined) headers[name] = String(all[name]); });
    Object.keys(more.headers || {}).forEach(function (name) { headers[name] = more.headers[name]; });
    var text = query.map(function (pair) { return pair.map(escaped).join('='); }).join('&');
    var sent = body === undefined || body === null || body === ''
      ? undefined
      : typeof body === 'string' ? body : JSON.stringify(body);
    var url = new URL(config.invokeUrl.replace(/\\/$/, '') + path + (text ? '?' + text : ''));
    if (config.accessKey) headers = await signed(config, method.verb, url, headers, sent);
    var response = await fetch(url, { method: method.verb, headers: headers, body: sent });
    var raw = await response.text();
    var data = raw;
    try { data = JSON.parse(raw); } catch (_notJson) { /* It is text, then. */ }
    var answer = {
      status: response.status,
      statusText: response.statusText,
      headers: Object.fromEntries(response.headers.entries()),
      data: data
    };
    if (response.ok) return answer;
    var error = new Error('Request failed with status code ' + response.status);
    error.response = answer;
    throw error;
  }

  var factory = {
    newClient: function (given) {
      var config = Object.assign({
        invokeUrl: ${JSON.stringify(invokeUrl)},
        defaultContentType: 'application/json',
        defaultAcceptType: 'application/json',
        region: ${JSON.stringify(region)}
      }, given);
      if (!config.accessKey !== !config.secretKey) throw new Error('To sign, accessKey and secretKey are needed');
      var client = {};
      Object.keys(METHODS).forEach(function (name) {
        client[name] = function (params, body, additionalParams) {
          return send(config, METHODS[name], params, body, additionalParams);
        };
      });
      return client;
    }
  };
  if (typeof module === 'object' && module.exports) module.exports = factory;
  else global.apigClientFactory = factory;
})(typeof globalThis === 'object' ? globalThis : this);
`;
}
