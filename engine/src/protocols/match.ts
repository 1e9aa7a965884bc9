import { AwsError, notImplemented } from '../kernel/errors';
import type { OperationModel, ProtocolName, ServiceModel } from './model';
import { parsePairs } from './percent';
import { makeRouter, route } from './router';
import type { WireRequest } from './wire';

/** Which operation a request asks for, and by which of the service's protocols. */

const CBOR_PATH = /\/service\/[^/]+\/operation\/([^/]+)$/;

export function bodyBytes(request: WireRequest): Uint8Array {
  return request.body instanceof Uint8Array ? request.body : new Uint8Array();
}

function isForm(request: WireRequest): boolean {
  const type = request.headers['content-type'];
  return (
    type === undefined || type === '' || type.toLowerCase().startsWith('application/x-www-form-urlencoded')
  );
}

const forms = new WeakMap<WireRequest, [string, string | undefined][]>();

/** All parameters of a query request: of the URL, then of the form in the body. Parsed once a request. */
export function formPairs(request: WireRequest): [string, string | undefined][] {
  let pairs = forms.get(request);
  if (!pairs) {
    const bytes = isForm(request) ? bodyBytes(request) : new Uint8Array();
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    pairs = [...parsePairs(request.query), ...parsePairs(text.trim())];
    forms.set(request, pairs);
  }
  return pairs;
}

/** The protocol the request speaks, out of those its service knows. */
export function detectProtocol(model: ServiceModel, request: WireRequest): ProtocolName {
  const known = model.json.protocols;
  if (known.length === 1) return known[0]!;
  const speaks = (protocol: ProtocolName): boolean => known.includes(protocol);
  const { headers } = request;
  if (headers['smithy-protocol'] === 'rpc-v2-cbor' && speaks('rpcv2Cbor')) return 'rpcv2Cbor';
  const json = known.find((protocol) => protocol.startsWith('awsJson'));
  if (headers['x-amz-target'] !== undefined && json) return json;
  const type = headers['content-type'] ?? '';
  const form = type.startsWith('application/x-www-form-urlencoded') || /(?:^|&)Action=/.test(request.query);
  if (form && speaks('awsQuery')) return 'awsQuery';
  return model.protocol;
}

const JSON_TYPE = /^application\/(?:x-amz-json-1\.[01]|json)\s*(?:;|$)/i;

function nameOf(model: ServiceModel, protocol: ProtocolName, request: WireRequest): string | undefined {
  switch (protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1': {
      const target = request.headers['x-amz-target'];
      if (target === undefined || request.method !== 'POST') return undefined;
      if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) return undefined;
      const dot = target.indexOf('.');
      return dot > 0 && target.slice(0, dot) === model.json.targetPrefix ? target.slice(dot + 1) : undefined;
    }
    case 'awsQuery':
    case 'ec2Query':
      return formPairs(request).find(([name]) => name === 'Action')?.[1];
    case 'rpcv2Cbor':
      return CBOR_PATH.exec(request.path)?.[1];
    default:
      return route(
        model.derived(makeRouter),
        request.method,
        request.path,
        new Map(parsePairs(request.query)),
        request.headers,
      );
  }
}

/** The operation the request asks for; undefined where the service has none such (see unknownOperation). */
export function matchOperation(model: ServiceModel, request: WireRequest): OperationModel | undefined {
  const protocol = detectProtocol(model, request);
  let name: string | undefined;
  try {
    name = nameOf(model, protocol, request);
  } catch {
    // A query string that cannot be decoded names no operation; unknownOperation says so.
    return undefined;
  }
  return name === undefined ? undefined : model.operation(name, protocol);
}

/** AWS's refusal of a request for which `matchOperation` finds nothing. */
export function unknownOperation(model: ServiceModel, request: WireRequest): AwsError {
  const protocol = detectProtocol(model, request);
  switch (protocol) {
    case 'awsQuery':
    case 'ec2Query':
      return unknownAction(model, protocol, request);
    case 'restXml':
      if (model.service === 's3') return s3Refusal(request);
      return new AwsError('UnknownOperationException', '', { status: 404 });
    case 'restJson1':
    case 'rpcv2Cbor':
      return new AwsError('UnknownOperationException', '', { status: 404 });
    default:
      return new AwsError('UnknownOperationException', '', { status: 400 });
  }
}

function unknownAction(model: ServiceModel, protocol: ProtocolName, request: WireRequest): AwsError {
  let pairs: [string, string | undefined][];
  try {
    pairs = formPairs(request);
  } catch {
    return new AwsError('MalformedQueryString', 'The query string contains a syntax error.', { status: 404 });
  }
  const get = (key: string): string | undefined => pairs.find(([name]) => name === key)?.[1];
  const action = get('Action');
  if (action === undefined || action === '') {
    if (protocol === 'ec2Query') {
      return new AwsError('MissingAction', 'The request must contain the parameter Action');
    }
    return new AwsError('MissingAction', 'Could not find operation in request', { status: 400 });
  }
  if (protocol === 'ec2Query') {
    return new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`);
  }
  const version = get('Version') ?? model.json.apiVersion;
  return new AwsError('InvalidAction', `Could not find operation ${action} for version ${version}`, {
    status: 400,
  });
}

function s3Refusal(request: WireRequest): AwsError {
  try {
    parsePairs(request.query);
  } catch {
    return new AwsError('InvalidURI', "Couldn't parse the specified URI.", { status: 400 });
  }
  if (request.method === 'POST' && request.headers['content-type']?.startsWith('multipart/form-data')) {
    return notImplemented('S3 POST Object (browser-based uploads)');
  }
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    status: 405,
    members: { Method: request.method, ResourceType: request.path === '/' ? 'SERVICE' : 'OBJECT' },
  });
}
