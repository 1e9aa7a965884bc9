import { Readable } from 'node:stream';
import { unchunk } from './aws-chunked';
import { decodeBase64 } from './base64';
import { parseJson, readJson, readStructure } from './json';
import { Malformed } from './malformed';
import { bodyBytes } from './match';
import type { Member, OperationModel, Shape } from './model';
import { setKey } from './objects';
import { decodePercent, parsePairs } from './percent';
import { readScalar } from './scalars';
import type { WireRequest } from './wire';
import { parseXml } from './xml-parser';
import { readXml, readXmlStructure } from './xml-read';

/** The HTTP bindings of restJson1 and restXml requests: labels, query, headers, payload, body. */

interface Template {
  segments: { literal?: string; label?: Member; greedy?: boolean }[];
}

const templates = new WeakMap<OperationModel, Template>();

function templateOf(operation: OperationModel, input: Shape): Template {
  let template = templates.get(operation);
  if (!template) {
    const [path = ''] = (operation.http?.uri ?? '').split('?');
    template = {
      segments: path
        .split('/')
        .filter((part) => part !== '')
        .map((part) => {
          const label = /^\{(.+?)(\+?)\}$/.exec(part);
          if (!label) return { literal: part };
          return { label: input.get(label[1] ?? ''), greedy: label[2] === '+' };
        }),
    };
    templates.set(operation, template);
  }
  return template;
}

function readLabels(
  operation: OperationModel,
  input: Shape,
  path: string,
  out: Record<string, unknown>,
): void {
  const parts = path.split('/');
  if (parts[0] === '') parts.shift();
  templateOf(operation, input).segments.forEach((segment, index) => {
    if (!segment.label) return;
    const raw = segment.greedy ? parts.slice(index).join('/') : (parts[index] ?? '');
    out[segment.label.name] = readScalar(segment.label.shape, decodePercent(raw));
  });
}

function readQuery(input: Shape, query: string, uri: string, out: Record<string, unknown>): void {
  const bound = input.members.filter((member) => member.in === 'query' || member.in === 'queryMap');
  if (bound.length === 0 || query === '') return;
  const values = new Map<string, string[]>();
  for (const [name, value = ''] of parsePairs(query)) {
    const same = values.get(name);
    if (same) same.push(value);
    else values.set(name, [value]);
  }
  for (const member of bound) {
    if (member.in === 'queryMap') continue;
    const found = values.get(member.as);
    if (!found) continue;
    out[member.name] =
      member.shape.type === 'list'
        ? found.map((item) => readScalar(member.shape.member.shape, item))
        : readScalar(member.shape, found[0] ?? '');
    values.delete(member.as);
  }
  const rest = bound.find((member) => member.in === 'queryMap');
  if (!rest) return;
  // What chose the operation is none of its parameters, e.g. `mode=import`.
  for (const [name] of parsePairs(uri.split('?')[1] ?? '')) values.delete(name);
  if (values.size === 0) return;
  const map: Record<string, unknown> = {};
  const list = rest.shape.value.shape.type === 'list';
  for (const [name, items] of values) setKey(map, name, list ? items : items[0]);
  out[rest.name] = map;
}

/** The items of a header that is a list: commas apart, quotes around an item that has one. */
function splitHeader(text: string, dates: boolean): string[] {
  // An http-date has a comma of its own.
  if (dates) return text.split(/(?<=GMT)\s*,\s*/);
  const items: string[] = [];
  for (const match of text.matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)/g)) {
    if (match[0] === '' && match.index === text.length) break;
    items.push(match[1] !== undefined ? match[1].replace(/\\(.)/g, '$1') : (match[2] ?? '').trim());
  }
  return items;
}

function readHeader(shape: Shape, text: string): unknown {
  if (shape.type === 'list') {
    const item = shape.member.shape;
    const dates = item.type === 'timestamp' || item.type === 'timestamp:http-date';
    return splitHeader(text, dates).map((part) => readScalar(item, part));
  }
  if (shape.type === 'string' && shape.json.media !== undefined) {
    return Buffer.from(decodeBase64(text)).toString('utf8');
  }
  return readScalar(shape, text);
}

function readHeaders(
  input: Shape,
  headers: Readonly<Record<string, string>>,
  out: Record<string, unknown>,
): void {
  for (const member of input.members) {
    if (member.in === 'header') {
      const value = headers[member.as];
      // An empty header says nothing, but for text.
      if (value === undefined || (value === '' && member.shape.type !== 'string')) continue;
      out[member.name] = readHeader(member.shape, value);
    } else if (member.in === 'prefix') {
      const map: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(headers)) {
        if (name.startsWith(member.as)) setKey(map, name.slice(member.as.length), value);
      }
      if (Object.keys(map).length > 0) out[member.name] = map;
    }
  }
}

function readPayload(member: Member, request: WireRequest, xml: boolean, out: Record<string, unknown>): void {
  const { shape } = member;
  if (shape.json.streaming === 1) {
    unchunk(member, request, out);
    return;
  }
  const bytes = bodyBytes(request);
  if (shape.type === 'blob') {
    if (bytes.byteLength > 0) out[member.name] = bytes;
  } else if (shape.type === 'string') {
    if (bytes.byteLength > 0) out[member.name] = Buffer.from(bytes).toString('utf8');
  } else if (bytes.byteLength > 0) {
    if (!xml) out[member.name] = readJson(shape, parseJson(bytes), true);
    else out[member.name] = readRoot(shape, bytes, [member.xml, shape.xmlName], request);
  }
}

/** S3 refuses what its schema does not know, wrong root included. */
function readRoot(shape: Shape, bytes: Uint8Array, names: string[], _request: WireRequest): unknown {
  const root = parseXml(bytes);
  const strict = shape.model.service === 's3';
  if (strict && !names.includes(root.name)) throw new Malformed(`Unexpected element ${root.name}`);
  return readXml(shape, root, strict);
}

export function readRest(operation: OperationModel, request: WireRequest): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const { input } = operation;
  if (!input) return out;
  const xml = operation.protocol === 'restXml';
  readLabels(operation, input, request.path, out);
  readQuery(input, request.query, operation.http?.uri ?? '', out);
  readHeaders(input, request.headers, out);
  const { payload } = input;
  if (payload) {
    readPayload(payload, request, xml, out);
    return out;
  }
  if (input.bodyMembers.length === 0) return out;
  if (request.body instanceof Readable) throw new Malformed('The body was not collected');
  const bytes = bodyBytes(request);
  if (bytes.byteLength === 0) return out;
  const body = xml
    ? readXmlStructure(input.bodyMembers, parseXml(bytes), input.model.service === 's3')
    : readStructure(input, input.bodyMembers, parseJson(bytes), true, 0);
  // The body never overrides what the URL says.
  return { ...body, ...out };
}
