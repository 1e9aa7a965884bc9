import { writeEvents } from './event-stream';
import { writeJson, writeStructure as writeJsonMembers } from './json';
import type { Member, OperationModel, Shape } from './model';
import { writeScalar } from './scalars';
import type { WireResponse } from './wire';
import { escapeXml, writeXmlMembers, writeXmlStructure, xmlElement } from './xml-write';

/** The HTTP bindings of restJson1 and restXml responses: status, headers, payload, body. */

type Output = Record<string, unknown>;

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Header values are Latin-1 at best: S3 sends other text as RFC 2047 words. */
export function headerText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: line ends must never get into a header
  const safe = text.replace(/[\r\n\u0000]+/g, ' ');
  if (/^[\t\x20-\x7e]*$/.test(safe)) return safe;
  return `=?UTF-8?B?${Buffer.from(safe, 'utf8').toString('base64')}?=`;
}

function headerValue(shape: Shape, value: unknown): string {
  if (shape.type === 'list') {
    const item = shape.member.shape;
    return (value as unknown[])
      .map((entry) => {
        const text = writeScalar(item, entry, 'http-date');
        return item.type === 'string' && /[",]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
      })
      .join(', ');
  }
  if (shape.type === 'string' && shape.json.media !== undefined) {
    return Buffer.from(String(value), 'utf8').toString('base64');
  }
  return writeScalar(shape, value, 'http-date');
}

/** Puts the members that are headers there; also used for errors. */
export function writeHeaders(shape: Shape, output: Output, headers: Record<string, string>): void {
  for (const member of shape.members) {
    const value = output[member.name];
    if (value === undefined || value === null) continue;
    if (member.in === 'header') headers[member.as] = headerText(headerValue(member.shape, value));
    else if (member.in === 'prefix') {
      for (const [key, entry] of Object.entries(value as Record<string, string>)) {
        headers[`${member.as}${key.toLowerCase()}`] = headerText(String(entry));
      }
    }
  }
}

function xmlRoot(name: string, shape: Shape, value: Output, namespace: string | undefined): string {
  const own = shape.xmlns ? ` ${shape.xmlns[0]}="${escapeXml(shape.xmlns[1])}"` : '';
  const xmlns = own || (namespace ? ` xmlns="${escapeXml(namespace)}"` : '');
  return `${XML_DECLARATION}${writeXmlStructure(name, shape, value, xmlns)}`;
}

function setType(headers: Record<string, string>, type: string): void {
  headers['content-type'] ??= type;
}

function writePayload(
  operation: OperationModel,
  member: Member,
  value: unknown,
  response: WireResponse,
): void {
  if (value === undefined || value === null) return;
  const { shape } = member;
  const xml = operation.protocol === 'restXml';
  if (member.eventStream) {
    setType(response.headers, 'application/vnd.amazon.eventstream');
    response.body = writeEvents(shape, value as AsyncIterable<Output>, xml);
  } else if (shape.type === 'blob') {
    // Lambda's answers and API Gateway's exports are JSON unless they say otherwise.
    setType(response.headers, xml ? 'application/octet-stream' : 'application/json');
    response.body = value as Uint8Array;
  } else if (shape.type === 'string') {
    setType(response.headers, shape.json.media ?? (xml ? 'application/json' : 'text/plain'));
    response.body = String(value);
  } else if (xml) {
    setType(response.headers, xmlType(operation));
    const name = member.xmlNamed ? member.xml : shape.xmlName;
    response.body = xmlRoot(name, shape, value as Output, operation.model.json.xmlNamespace);
  } else {
    setType(response.headers, 'application/json');
    response.body = JSON.stringify(writeJson(shape, value, true));
  }
}

export function xmlType(operation: { model: { service: string } }): string {
  return operation.model.service === 's3' ? 'application/xml' : 'text/xml';
}

/** GetBucketLocation's body is its one member: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
function bucketLocation(output: Output, namespace: string | undefined): string {
  const region = output.LocationConstraint;
  const xmlns = ` xmlns="${escapeXml(namespace ?? '')}"`;
  return `${XML_DECLARATION}${xmlElement('LocationConstraint', escapeXml(String(region ?? '')), xmlns)}`;
}

export function writeRest(operation: OperationModel, output: Output): WireResponse {
  const shape = operation.output;
  const response: WireResponse = { status: operation.http?.status ?? 200, headers: {}, body: '' };
  if (!shape) return response;
  writeHeaders(shape, output, response.headers);
  const status = shape.members.find((member) => member.in === 'status');
  const given = status && output[status.name];
  if (typeof given === 'number') response.status = given;
  const xml = operation.protocol === 'restXml';
  const namespace = operation.model.json.xmlNamespace;
  if (shape.payload) writePayload(operation, shape.payload, output[shape.payload.name], response);
  else if (shape.responseMembers.length === 0) return response;
  else if (!xml) {
    setType(response.headers, 'application/json');
    response.body = JSON.stringify(writeJsonMembers(shape.responseMembers, output, true));
  } else {
    setType(response.headers, xmlType(operation));
    response.body =
      operation.name === 'GetBucketLocation'
        ? bucketLocation(output, namespace)
        : `${XML_DECLARATION}${xmlElement(
            shape.xmlName,
            writeXmlMembers(shape.responseMembers, output),
            namespace ? ` xmlns="${escapeXml(namespace)}"` : '',
          )}`;
  }
  return response;
}
