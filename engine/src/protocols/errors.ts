import type { AwsError } from '../kernel/errors';
import { printCbor } from './cbor';
import { commonHeaders, JSON_TYPES } from './encode';
import { writeJson } from './json';
import type { OperationModel, ProtocolName, ServiceModel, Shape } from './model';
import { headerText, writeHeaders, XML_DECLARATION, xmlType } from './rest-write';
import type { ResponseMeta, WireResponse } from './wire';
import { escapeXml, writeXmlMembers, xmlElement } from './xml-write';

/** Errors to responses: each protocol's form of a refusal. */

/** Codes that are no service's own; what its model says comes first. */
const STATUS: Record<string, number> = {
  AccessDenied: 403,
  AllAccessDisabled: 403,
  BucketAlreadyExists: 409,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  ConditionalRequestConflict: 409,
  EntityTooLarge: 400,
  ExpiredToken: 403,
  InternalError: 500,
  InternalFailure: 500,
  InternalServerError: 500,
  InvalidAccessKeyId: 403,
  InvalidBucketState: 409,
  InvalidClientTokenId: 403,
  InvalidObjectState: 403,
  InvalidRange: 416,
  MethodNotAllowed: 405,
  MissingAuthenticationToken: 403,
  MissingContentLength: 411,
  NotImplemented: 501,
  OperationAborted: 409,
  OptInRequired: 403,
  PreconditionFailed: 412,
  RequestEntityTooLargeException: 413,
  RequestExpired: 400,
  RequestTimeTooSkewed: 403,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  UnauthorizedOperation: 403,
};

/** Refusals by the front door are 403 where the protocol is REST or query, and 400 in awsJson. */
const DOOR = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'IncompleteSignatureException',
  'UnrecognizedClientException',
]);

function statusOf(protocol: ProtocolName, error: AwsError, shape: Shape | undefined): number {
  if (error.status !== undefined) return error.status;
  const query = shape?.json.query?.[1];
  if (query !== undefined && (protocol === 'awsQuery' || protocol === 'ec2Query')) return query;
  if (shape) return awsJsonStatus(protocol, shape) ?? shape.json.status ?? (server(shape) ? 500 : 400);
  if (DOOR.has(error.code)) return protocol.startsWith('awsJson') || protocol === 'rpcv2Cbor' ? 400 : 403;
  if (error.code === 'UnknownOperationException') return protocol.startsWith('awsJson') ? 400 : 404;
  if (Object.hasOwn(STATUS, error.code)) return STATUS[error.code]!;
  // S3's many: NoSuchVersion, OwnershipControlsNotFoundError …
  return protocol === 'restXml' && /^NoSuch|NotFoundError$/.test(error.code) ? 404 : 400;
}

/** awsJson services answer 400 or 500 whatever status the model gives the error. */
function awsJsonStatus(protocol: ProtocolName, shape: Shape): number | undefined {
  if (!protocol.startsWith('awsJson') || shape.model.json.queryCompatible) return undefined;
  return server(shape) ? 500 : 400;
}

function server(shape: Shape): boolean {
  return shape.json.fault === 'server';
}

/** The members of the error's shape as they go out: the message under the name the shape has for it. */
function membersOf(error: AwsError, shape: Shape | undefined): Record<string, unknown> {
  const members: Record<string, unknown> = { ...error.members };
  const named = shape?.members.find((member) => member.name.toLowerCase() === 'message');
  if (error.message !== '') members[named?.name ?? 'message'] ??= error.message;
  return members;
}

/** awsJson services that name the model's namespace in `__type`. */
const TYPE_PREFIX: Record<string, string> = {
  dynamodb: 'com.amazonaws.dynamodb.v20120810#',
  sqs: 'com.amazonaws.sqs#',
};
const CORAL: Record<string, string> = {
  SerializationException: 'com.amazon.coral.service#',
  UnknownOperationException: 'com.amazon.coral.service#',
  ValidationException: 'com.amazon.coral.validate#',
  UnrecognizedClientException: 'com.amazon.coral.service#',
  MissingAuthenticationTokenException: 'com.amazon.coral.service#',
  InvalidSignatureException: 'com.amazon.coral.service#',
  IncompleteSignatureException: 'com.amazon.coral.service#',
  AccessDeniedException: 'com.amazon.coral.service#',
  InternalFailure: 'com.amazon.coral.service#',
};

function typeOf(model: ServiceModel, code: string, shape: Shape | undefined): string {
  const prefix = TYPE_PREFIX[model.service];
  if (prefix === undefined) return code;
  return `${shape ? prefix : (CORAL[code] ?? prefix)}${code}`;
}

function jsonMembers(shape: Shape | undefined, members: Record<string, unknown>, names: boolean): object {
  // Members that the model does not know go out as they are.
  const out: Record<string, unknown> = { ...members };
  for (const member of shape?.members ?? []) {
    const value = members[member.name];
    delete out[member.name];
    if (value === undefined || member.in !== undefined) continue;
    out[names ? member.json : member.name] = writeJson(member.shape, value, names);
  }
  return out;
}

function awsJson(
  model: ServiceModel,
  protocol: 'awsJson1_0' | 'awsJson1_1',
  error: AwsError,
  shape: Shape | undefined,
): WireResponse {
  const code = shape?.id ?? error.code;
  const body = { __type: typeOf(model, code, shape), ...jsonMembers(shape, membersOf(error, shape), false) };
  return {
    status: statusOf(protocol, error, shape),
    headers: { 'content-type': JSON_TYPES[protocol], ...queryHeader(model, error, shape) },
    body: JSON.stringify(body),
  };
}

/** For clients that knew the service by its query protocol: the code it had there. */
function queryHeader(model: ServiceModel, error: AwsError, shape: Shape | undefined): Record<string, string> {
  if (!model.json.queryCompatible) return {};
  const code = shape?.json.query?.[0] ?? error.code;
  return { 'x-amzn-query-error': `${code};${fault(shape, error)}` };
}

function fault(shape: Shape | undefined, error: AwsError): 'Sender' | 'Receiver' {
  if (shape) return server(shape) ? 'Receiver' : 'Sender';
  return (error.status ?? STATUS[error.code] ?? 400) >= 500 ? 'Receiver' : 'Sender';
}

function restJson(error: AwsError, shape: Shape | undefined): WireResponse {
  const code = shape?.id ?? error.code;
  const status = statusOf('restJson1', error, shape);
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-amzn-errortype': code };
  const members = membersOf(error, shape);
  // Lambda says whose fault it was.
  if (shape?.get('Type')) members.Type ??= server(shape) ? 'Service' : 'User';
  if (shape) writeHeaders(shape, members, headers);
  const body = jsonMembers(shape, members, true);
  return { status, headers, body: JSON.stringify(body) };
}

function text(name: string, value: string): string {
  return `<${name}>${escapeXml(value)}</${name}>`;
}

/** Further members of the error, modelled ones by their shape. */
function extraXml(error: AwsError, shape: Shape | undefined): string {
  let out = '';
  const rest = { ...error.members };
  if (shape) {
    const known = shape.members.filter((member) => member.name.toLowerCase() !== 'message');
    out += writeXmlMembers(known, rest);
    for (const member of shape.members) delete rest[member.name];
  }
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value !== null) out += text(name, String(value));
  }
  return out;
}

function queryError(
  model: ServiceModel,
  protocol: ProtocolName,
  error: AwsError,
  shape: Shape | undefined,
  meta: ResponseMeta,
): WireResponse {
  const code = shape?.json.query?.[0] ?? shape?.id ?? error.code;
  const inner =
    text('Type', fault(shape, error)) +
    text('Code', code) +
    text('Message', error.message) +
    extraXml(error, shape);
  const xmlns = ` xmlns="${escapeXml(model.json.xmlNamespace ?? '')}"`;
  const body = xmlElement(
    'ErrorResponse',
    `${xmlElement('Error', inner)}${text('RequestId', meta.requestId)}`,
    xmlns,
  );
  const head = protocol === 'restXml' ? XML_DECLARATION : '';
  return {
    status: statusOf(protocol, error, shape),
    headers: { 'content-type': 'text/xml' },
    body: `${head}${body}`,
  };
}

function ec2Error(error: AwsError, meta: ResponseMeta): WireResponse {
  const inner = text('Code', error.code) + text('Message', error.message) + extraXml(error, undefined);
  const body = `<Response><Errors><Error>${inner}</Error></Errors>${text('RequestID', meta.requestId)}</Response>`;
  return {
    status: statusOf('ec2Query', error, undefined),
    headers: { 'content-type': 'text/xml;charset=UTF-8' },
    body: `${XML_DECLARATION}${body}`,
  };
}

function s3Error(
  model: ServiceModel,
  error: AwsError,
  shape: Shape | undefined,
  meta: ResponseMeta,
): WireResponse {
  const code = shape?.id ?? error.code;
  const inner =
    text('Code', code) +
    text('Message', error.message) +
    extraXml(error, shape) +
    text('RequestId', meta.requestId) +
    text('HostId', meta.hostId ?? meta.requestId);
  return {
    status: statusOf('restXml', error, shape),
    headers: { 'content-type': xmlType({ model }) },
    body: `${XML_DECLARATION}<Error>${inner}</Error>`,
  };
}

function cborError(model: ServiceModel, error: AwsError, shape: Shape | undefined): WireResponse {
  const code = shape?.id ?? error.code;
  const type = shape ? `${model.json.namespace}#${code}` : code;
  return {
    status: statusOf('rpcv2Cbor', error, shape),
    headers: {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      ...queryHeader(model, error, shape),
    },
    body: printCbor({ __type: type, ...membersOf(error, shape) }),
  };
}

function written(
  model: ServiceModel,
  protocol: ProtocolName,
  error: AwsError,
  meta: ResponseMeta,
): WireResponse {
  const shape = model.error(error.code);
  switch (protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1':
      return awsJson(model, protocol, error, shape);
    case 'restJson1':
      return restJson(error, shape);
    case 'ec2Query':
      return ec2Error(error, meta);
    case 'rpcv2Cbor':
      return cborError(model, error, shape);
    case 'restXml':
      if (model.service === 's3') return s3Error(model, error, shape, meta);
      return queryError(model, protocol, error, shape, meta);
    default:
      return queryError(model, protocol, error, shape, meta);
  }
}

/** `protocol` is for requests that match no operation of a service with several protocols. */
export function encodeError(
  model: ServiceModel,
  operation: OperationModel | undefined,
  error: AwsError,
  meta: ResponseMeta & { protocol?: ProtocolName; method?: string },
): WireResponse {
  const protocol = operation?.protocol ?? meta.protocol ?? model.protocol;
  const response = written(model, protocol, error, meta);
  Object.assign(response.headers, commonHeaders(model, meta), meta.headers);
  for (const [name, value] of Object.entries(response.headers)) response.headers[name] = headerText(value);
  if ((meta.method ?? operation?.http?.method) === 'HEAD' || response.status === 304) {
    delete response.body;
    delete response.headers['content-type'];
  }
  return response;
}
