/**
 * The part of the client that signs: plain JavaScript over WebCrypto, which browsers and Node have.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const SIGNING = String.raw`
  function escaped(text) {
    return encodeURIComponent(text).replace(/[!'()*]/g, function (char) {
      return '%' + char.charCodeAt(0).toString(16).toUpperCase();
    });
  }

  function hex(buffer) {
    return Array.from(new Uint8Array(buffer), function (byte) { return byte.toString(16).padStart(2, '0'); }).join('');
  }

  async function digest(text) {
    return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  }

  async function hmac(secret, text) {
    var raw = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
    var key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    return crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text));
  }

  /** The headers with which the request is the caller's. */
  async function signed(config, verb, url, headers, body) {
    var time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    var all = Object.assign({}, headers, { 'x-amz-date': time });
    if (config.sessionToken) all['x-amz-security-token'] = config.sessionToken;
    var lower = { host: url.host };
    Object.keys(all).forEach(function (name) { lower[name.toLowerCase()] = all[name].trim().replace(/ +/g, ' '); });
    var names = Object.keys(lower).sort();
    var path = url.pathname.split('/').map(escaped).join('/');
    var pairs = Array.from(url.searchParams, function (pair) { return pair.map(escaped); });
    // By name, then by value: no character of either sorts before this one.
    var query = pairs.map(function (pair) { return pair.join(' '); }).sort().join('&').replace(/ /g, '=');
    var request = [verb, path, query]
      .concat(names.map(function (name) { return name + ':' + lower[name]; }), '', names.join(';'), await digest(body || ''));
    var scope = [time.slice(0, 8), config.region, 'execute-api', 'aws4_request'];
    var text = ['AWS4-HMAC-SHA256', time, scope.join('/'), await digest(request.join('\n'))].join('\n');
    var key = 'AWS4' + config.secretKey;
    for (var step of scope) key = await hmac(key, step);
    all.Authorization = 'AWS4-HMAC-SHA256 Credential=' + config.accessKey + '/' + scope.join('/') +
      ', SignedHeaders=' + names.join(';') + ', Signature=' + hex(await hmac(key, text));
    return all;
  }
`;
