import { Malformed } from './malformed';
import type { Member, Shape } from './model';
import { setKey } from './objects';
import { readScalar } from './scalars';
import type { XmlNode } from './xml-parser';

/** XML to typed values. `strict` refuses elements that the schema does not know, as S3 does (MalformedXML). */
export function readXml(shape: Shape, node: XmlNode, strict: boolean): unknown {
  switch (shape.type) {
    case 'structure':
    case 'union':
      return readXmlStructure(shape.members, node, strict);
    case 'list':
      return readList(shape, node.children, strict, shape.member.xml);
    case 'map': {
      const out: Record<string, unknown> = {};
      for (const entry of node.children) readEntry(shape, entry, out, strict);
      return out;
    }
    default:
      if (node.children.length > 0) throw new Malformed(`Unexpected element ${node.children[0]?.name}`);
      return readScalar(shape, node.text);
  }
}

function readList(shape: Shape, nodes: XmlNode[], strict: boolean, name: string | undefined): unknown[] {
  const out: unknown[] = [];
  for (const item of nodes) {
    if (name !== undefined && item.name !== name) {
      if (strict) throw new Malformed(`Unexpected element ${item.name}`);
      continue;
    }
    out.push(readXml(shape.member.shape, item, strict));
  }
  return out;
}

function readEntry(shape: Shape, entry: XmlNode, out: Record<string, unknown>, strict: boolean): void {
  const key = entry.children.find((child) => child.name === shape.key.xml);
  const value = entry.children.find((child) => child.name === shape.value.xml);
  if (!key || !value) throw new Malformed('A map entry needs a key and a value.');
  setKey(out, key.text, readXml(shape.value.shape, value, strict));
}

export function readXmlStructure(
  members: readonly Member[],
  node: XmlNode,
  strict: boolean,
): Record<string, unknown> {
  const byName = new Map<string, XmlNode[]>();
  for (const child of node.children) {
    const same = byName.get(child.name);
    if (same) same.push(child);
    else byName.set(child.name, [child]);
  }
  const out: Record<string, unknown> = {};
  for (const member of members) {
    if (member.attribute) {
      const value = node.attributes[member.xml];
      if (value !== undefined) out[member.name] = readScalar(member.shape, value);
      continue;
    }
    const found = byName.get(member.xml);
    if (!found) continue;
    byName.delete(member.xml);
    const { shape } = member;
    if (member.flat && shape.type === 'list') out[member.name] = readList(shape, found, strict, undefined);
    else if (member.flat && shape.type === 'map') {
      const map: Record<string, unknown> = {};
      for (const entry of found) readEntry(shape, entry, map, strict);
      out[member.name] = map;
    } else {
      if (strict && found.length > 1) throw new Malformed(`Element ${member.xml} may occur once`);
      out[member.name] = readXml(shape, found[found.length - 1]!, strict);
    }
  }
  if (strict) for (const name of byName.keys()) throw new Malformed(`Unexpected element ${name}`);
  return out;
}
