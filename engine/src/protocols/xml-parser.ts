import { Malformed } from './malformed';
import { MAX_DEPTH } from './objects';

export interface XmlNode {
  /** Without its prefix. */
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
  text: string;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const NAME = /[^\s=/><]+/y;
const SPACE = /\s*/y;

/**
 * A parser for request bodies: elements, attributes, text. It knows no document types, so that there are no
 * entities to expand and no files to fetch.
 */
class Parser {
  #at = 0;

  constructor(readonly text: string) {}

  document(): XmlNode {
    if (this.text.charCodeAt(0) === 0xfeff) this.#at = 1;
    this.#misc();
    const root = this.#element(0);
    this.#misc();
    if (this.#at < this.text.length) throw new Malformed('Content is not allowed in trailing section.');
    return root;
  }

  /** Declarations, comments and space around the root. */
  #misc(): void {
    for (;;) {
      this.#space();
      if (this.text.startsWith('<?', this.#at)) this.#after('?>');
      else if (this.text.startsWith('<!--', this.#at)) this.#after('-->');
      else if (this.text.startsWith('<!', this.#at)) throw new Malformed('DOCTYPE is disallowed.');
      else return;
    }
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.text);
    this.#at = SPACE.lastIndex;
  }

  #after(stop: string): string {
    const end = this.text.indexOf(stop, this.#at);
    if (end < 0) throw new Malformed('Premature end of file.');
    const found = this.text.slice(this.#at, end);
    this.#at = end + stop.length;
    return found;
  }

  #name(): string {
    NAME.lastIndex = this.#at;
    const found = NAME.exec(this.text);
    if (!found) throw new Malformed('A name was expected.');
    this.#at = NAME.lastIndex;
    return found[0];
  }

  #element(depth: number): XmlNode {
    if (depth > MAX_DEPTH) throw new Malformed('The document is nested too deeply.');
    if (this.text[this.#at] !== '<') throw new Malformed('Content is not allowed in prolog.');
    this.#at++;
    const name = this.#name();
    const node: XmlNode = { name: local(name), attributes: {}, children: [], text: '' };
    if (!this.#attributes(node)) this.#content(node, name, depth);
    return node;
  }

  /** Reads up to the end of the opening tag; true if that closed the element. */
  #attributes(node: XmlNode): boolean {
    for (;;) {
      this.#space();
      const char = this.text[this.#at];
      if (char === '>') {
        this.#at++;
        return false;
      }
      if (char === '/') {
        if (this.text[this.#at + 1] !== '>') throw new Malformed('An element was not closed.');
        this.#at += 2;
        return true;
      }
      const name = this.#name();
      this.#space();
      if (this.text[this.#at] !== '=') throw new Malformed('An attribute has no value.');
      this.#at++;
      this.#space();
      const quote = this.text[this.#at];
      if (quote !== '"' && quote !== "'") throw new Malformed('An attribute is not quoted.');
      this.#at++;
      const value = unescapeXml(this.#after(quote));
      if (name !== '__proto__') node.attributes[name] = value;
    }
  }

  #content(node: XmlNode, name: string, depth: number): void {
    for (;;) {
      const open = this.text.indexOf('<', this.#at);
      if (open < 0) throw new Malformed('Premature end of file.');
      if (open > this.#at) node.text += unescapeXml(this.text.slice(this.#at, open));
      this.#at = open;
      if (this.text.startsWith('</', open)) {
        this.#at += 2;
        if (this.#after('>').trimEnd() !== name) throw new Malformed('An element was not closed.');
        return;
      }
      if (this.text.startsWith('<!--', open)) this.#after('-->');
      else if (this.text.startsWith('<![CDATA[', open)) {
        this.#at += '<![CDATA['.length;
        node.text += this.#after(']]>');
      } else if (this.text.startsWith('<?', open)) this.#after('?>');
      else if (this.text.startsWith('<!', open)) throw new Malformed('DOCTYPE is disallowed.');
      else node.children.push(this.#element(depth + 1));
    }
  }
}

function local(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function unescapeXml(text: string): string {
  // XML folds line ends before it looks at references, so that only a written-out &#13; stays one.
  const folded = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  if (!folded.includes('&')) return folded;
  return folded.replace(/&([^;&]*);?/g, (whole, reference: string) => {
    if (!whole.endsWith(';')) throw new Malformed('A reference was not ended.');
    const known = Object.hasOwn(ENTITIES, reference) ? ENTITIES[reference] : undefined;
    if (known !== undefined) return known;
    const number = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(reference);
    const code = number ? Number.parseInt(number[1] ?? number[2] ?? '', number[1] ? 16 : 10) : Number.NaN;
    if (!(code <= 0x10ffff))
      throw new Malformed(`The entity "${reference}" was referenced, but not declared.`);
    return String.fromCodePoint(code);
  });
}

export function parseXml(bytes: Uint8Array): XmlNode {
  return new Parser(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
  ).document();
}
