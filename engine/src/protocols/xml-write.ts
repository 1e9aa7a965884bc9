import type { Member, Shape } from './model';
import { writeScalar } from './scalars';

/** Typed values to XML, for restXml, query and EC2 responses alike. */

const SPECIAL: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must be escaped
  return text.replace(/[&<>"\u0000-\u0008\u000b-\u001f\u0085\u2028]/g, (char) => {
    return SPECIAL[char] ?? `&#x${char.charCodeAt(0).toString(16).toUpperCase()};`;
  });
}

export function xmlElement(name: string, content: string, attributes = ''): string {
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

function namespace(xmlns: readonly [string, string] | undefined): string {
  return xmlns ? ` ${xmlns[0]}="${escapeXml(xmlns[1])}"` : '';
}

function writeElement(name: string, member: Member, shape: Shape, value: unknown): string {
  const xmlns = namespace(member.xmlns ?? (shape.isStructure ? shape.xmlns : undefined));
  switch (shape.type) {
    case 'structure':
    case 'union':
      return writeXmlStructure(name, shape, value as Record<string, unknown>, xmlns);
    case 'list':
      return xmlElement(name, writeItems(shape.member.xml, shape, value as unknown[]), xmlns);
    case 'map':
      return xmlElement(name, writeEntries('entry', shape, value as object), xmlns);
    default:
      return xmlElement(name, escapeXml(writeScalar(shape, value, 'date-time')), xmlns);
  }
}

function writeItems(name: string, list: Shape, items: unknown[]): string {
  let out = '';
  for (const item of items) {
    if (item !== undefined && item !== null) out += writeElement(name, list.member, list.member.shape, item);
  }
  return out;
}

function writeEntries(name: string, map: Shape, entries: object): string {
  let out = '';
  for (const [key, value] of Object.entries(entries)) {
    if (value === undefined || value === null) continue;
    const inner =
      xmlElement(map.key.xml, escapeXml(key), namespace(map.key.xmlns)) +
      writeElement(map.value.xml, map.value, map.value.shape, value);
    out += xmlElement(name, inner);
  }
  return out;
}

/** The content of a structure's element, without the element. */
export function writeXmlMembers(members: readonly Member[], value: Record<string, unknown>): string {
  let out = '';
  for (const member of members) {
    const entry = value[member.name];
    if (entry === undefined || entry === null || member.attribute) continue;
    const { shape } = member;
    if (member.flat && shape.type === 'list') out += writeItems(member.xml, shape, entry as unknown[]);
    else if (member.flat && shape.type === 'map') {
      out += writeEntries(member.xml, shape, entry as object);
    } else out += writeElement(member.xml, member, shape, entry);
  }
  return out;
}

export function writeXmlStructure(
  name: string,
  shape: Shape,
  value: Record<string, unknown>,
  attributes = '',
): string {
  let all = attributes;
  for (const member of shape.members) {
    const entry = value[member.name];
    if (member.attribute && entry !== undefined && entry !== null) {
      all += ` ${member.xml}="${escapeXml(writeScalar(member.shape, entry, 'date-time'))}"`;
    }
  }
  return xmlElement(name, writeXmlMembers(shape.members, value), all);
}
