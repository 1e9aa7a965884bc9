import { Readable } from 'node:stream';
import { AwsError } from '../kernel/errors';
import { printCbor, writeCbor } from './cbor';
import { eventFrame, writeEvents } from './event-stream';
import { writeJson } from './json';
import type { OperationModel, ServiceModel } from './model';
import { writeRest } from './rest-write';
import type { ResponseMeta, WireResponse } from './wire';
import { escapeXml, writeXmlMembers, xmlElement } from './xml-write';

/** Outputs to responses. */

export const JSON_TYPES = {
  awsJson1_0: 'application/x-amz-json-1.0',
  awsJson1_1: 'application/x-amz-json-1.1',
} as const;

/** The headers every response of the service has. */
export function commonHeaders(model: ServiceModel, meta: ResponseMeta): Record<string, string> {
  if (model.service === 's3') {
    return { 'x-amz-request-id': meta.requestId, 'x-amz-id-2': meta.hostId ?? meta.requestId };
  }
  return { 'x-amzn-requestid': meta.requestId };
}

type Output = Record<string, unknown>;

function jsonResponse(operation: OperationModel, output: Output, type: string): WireResponse {
  const shape = operation.output;
  // Operations without an output answer with an empty body.
  if (!shape) return { status: 200, headers: { 'content-type': type }, body: '' };
  const stream = shape.members.find((member) => member.eventStream);
  if (stream) {
    const { [stream.name]: events, ...initial } = output;
    const headers = { ':message-type': 'event', ':event-type': 'initial-response', ':content-type': type };
    const first = eventFrame(headers, Buffer.from(JSON.stringify(writeJson(shape, initial, false))));
    return {
      status: 200,
      headers: { 'content-type': 'application/vnd.amazon.eventstream' },
      body: writeEvents(stream.shape, (events ?? []) as Iterable<Output>, false, first),
    };
  }
  return {
    status: 200,
    headers: { 'content-type': type },
    body: JSON.stringify(writeJson(shape, output, false)),
  };
}

function queryResponse(operation: OperationModel, output: Output, meta: ResponseMeta): WireResponse {
  const { model, name, output: shape } = operation;
  const result = shape ? xmlElement(`${name}Result`, writeXmlMembers(shape.members, output)) : '';
  const metadata = `<ResponseMetadata><RequestId>${escapeXml(meta.requestId)}</RequestId></ResponseMetadata>`;
  const xmlns = ` xmlns="${escapeXml(model.json.xmlNamespace ?? '')}"`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: xmlElement(`${name}Response`, `${result}${metadata}`, xmlns),
  };
}

function ec2Response(operation: OperationModel, output: Output, meta: ResponseMeta): WireResponse {
  const { model, name, output: shape } = operation;
  const members = shape?.members ?? [];
  const content = members.length > 0 ? writeXmlMembers(members, output) : '<return>true</return>';
  const xmlns = ` xmlns="${escapeXml(model.json.xmlNamespace ?? '')}/"`;
  const id = `<requestId>${escapeXml(meta.requestId)}</requestId>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml;charset=UTF-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${xmlElement(`${name}Response`, `${id}${content}`, xmlns)}`,
  };
}

function cborResponse(operation: OperationModel, output: Output): WireResponse {
  const shape = operation.output;
  const headers: Record<string, string> = { 'smithy-protocol': 'rpc-v2-cbor' };
  if (!shape) return { status: 200, headers, body: '' };
  headers['content-type'] = 'application/cbor';
  return { status: 200, headers, body: printCbor(writeCbor(shape, output)) };
}

function written(operation: OperationModel, output: Output, meta: ResponseMeta): WireResponse {
  switch (operation.protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1':
      return jsonResponse(operation, output, JSON_TYPES[operation.protocol]);
    case 'awsQuery':
      return queryResponse(operation, output, meta);
    case 'ec2Query':
      return ec2Response(operation, output, meta);
    case 'rpcv2Cbor':
      return cborResponse(operation, output);
    default:
      return writeRest(operation, output);
  }
}

export function encode(
  _model: ServiceModel,
  operation: OperationModel,
  output: object | undefined,
  meta: ResponseMeta,
): WireResponse {
  const response = written(operation, (output ?? {}) as Output, meta);
  if (meta.status !== undefined) response.status = meta.status;
  Object.assign(response.headers, commonHeaders(operation.model, meta), meta.headers);
  const { status } = response;
  if (operation.http?.method === 'HEAD' || status === 204 || status === 304) {
    if (response.body instanceof Readable) response.body.destroy();
    delete response.body;
  }
  return response;
}

/**
 * What services of the query protocol answer to those who accept JSON, as API Gateway's integrations do.
 * An error is written in place of the output.
 */
export function encodeQueryJson(operation: OperationModel, output: object, meta: ResponseMeta): WireResponse {
  const headers = {
    'content-type': 'application/json',
    ...commonHeaders(operation.model, meta),
    ...meta.headers,
  };
  if (output instanceof AwsError) {
    const { code, message, status = 400 } = output;
    const error = { Code: code, Message: message, Type: status >= 500 ? 'Receiver' : 'Sender' };
    return { status, headers, body: JSON.stringify({ Error: error, RequestId: meta.requestId }) };
  }
  const { name, output: shape } = operation;
  const answer = {
    ...(shape && { [`${name}Result`]: writeJson(shape, output as Output, false) }),
    ResponseMetadata: { RequestId: meta.requestId },
  };
  return { status: meta.status ?? 200, headers, body: JSON.stringify({ [`${name}Response`]: answer }) };
}
