import { notImplemented } from '../../../kernel';
import { comparison, isOperator } from './compare';
import { edgeFilter, type Node, serviceFilter } from './nodes';
import { KEYWORDS, type Keyword, type Subject } from './subject';
import { invalidFilter, type Token, tokensOf } from './tokens';

export type Filter = (subject: Subject) => boolean;

const DEEPEST = 50;

/** What X-Ray documents besides. */
const LATER =
  /^(coldstart|name|account\.id|resource\.arn|instance\.id|availabilityzone|rootcause\..*|group\.\w+|service\.\w+|json)$/i;

/**
 * A filter expression, ready to be asked; without one everything passes.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html
 */
export function parseFilter(expression: string | undefined): Filter {
  if (expression === undefined || expression.trim() === '') return () => true;
  const parser = new Parser(tokensOf(expression));
  return parser.whole();
}

class Parser {
  #at = 0;
  #depth = 0;
  /** Between the braces of a service or an edge. */
  #inNode = false;

  constructor(readonly tokens: readonly Token[]) {}

  whole(): Filter {
    const filter = this.#or();
    if (this.#at < this.tokens.length) throw invalidFilter('it ends too late');
    return filter;
  }

  #or(): Filter {
    if (++this.#depth > DEEPEST) throw invalidFilter('it is nested too deeply');
    const any = [this.#and()];
    while (this.#takeWord('OR')) any.push(this.#and());
    this.#depth--;
    return any.length === 1 ? any[0]! : (subject) => any.some((filter) => filter(subject));
  }

  /** What stands side by side must all be true as well. */
  #and(): Filter {
    const all = [this.#not()];
    while (this.#takeWord('AND') || this.#begins()) all.push(this.#not());
    return all.length === 1 ? all[0]! : (subject) => all.every((filter) => filter(subject));
  }

  #begins(): boolean {
    const token = this.tokens[this.#at];
    if (token?.kind === 'word') return token.text.toUpperCase() !== 'OR';
    return token?.kind === 'sign' && ['!', '('].includes(token.text);
  }

  #not(): Filter {
    let negated = false;
    while (this.#take('!')) negated = !negated;
    const filter = this.#term();
    return negated ? (subject) => !filter(subject) : filter;
  }

  #term(): Filter {
    if (this.#take('(')) {
      const filter = this.#or();
      this.#expect(')');
      return filter;
    }
    const token = this.tokens[this.#at++];
    if (token?.kind !== 'word') throw invalidFilter('a keyword is missing');
    const word = token.text.toLowerCase();
    if (this.#inNode && (word === 'service' || word === 'edge'))
      throw invalidFilter('services and edges are not within one another');
    if (word === 'service') return this.#service();
    if (word === 'edge') return this.#edge();
    if (word === 'annotation' || word.startsWith('annotation.')) return this.#annotation(token.text);
    if (isKeyword(word)) return this.#keyword(word);
    throw LATER.test(word)
      ? notImplemented(`the X-Ray filter keyword ${token.text}`)
      : invalidFilter(`unknown keyword ${token.text}`);
  }

  #keyword(word: Keyword): Filter {
    const type = KEYWORDS[word];
    const next = this.tokens[this.#at];
    if (!next || !isOperator(next)) {
      if (type !== 'boolean') throw invalidFilter(`${word} is not compared with anything`);
      return (subject) => subject.values(word).includes(true);
    }
    const compare = this.#comparison(type);
    return (subject) => subject.values(word).some(compare);
  }

  /** `annotation.key`, or `annotation[key]` where the key has dots itself. */
  #annotation(text: string): Filter {
    if (this.#inNode) throw invalidFilter('annotations are not a service’s or an edge’s');
    let key = text.slice('annotation.'.length);
    if (this.#take('[')) {
      const token = this.tokens[this.#at++];
      if (token?.kind !== 'word' && token?.kind !== 'string') throw invalidFilter('an annotation has no key');
      key = token.text;
      this.#expect(']');
    }
    if (key === '') throw invalidFilter('an annotation has no key');
    const next = this.tokens[this.#at];
    if (!next || !isOperator(next)) return (subject) => subject.annotation(key).length > 0;
    const compare = this.#comparison(undefined);
    return (subject) => subject.annotation(key).some(compare);
  }

  #comparison(type: string | undefined) {
    const operator = this.tokens[this.#at++];
    if (operator?.kind !== 'sign' && operator?.kind !== 'word') throw invalidFilter('an operator is missing');
    return comparison(operator.text, this.tokens[this.#at++], type);
  }

  #service(): Filter {
    this.#expect('(');
    const node = this.#take(')') ? {} : this.#node(')');
    return serviceFilter(node, this.#braces());
  }

  #edge(): Filter {
    this.#expect('(');
    const source = this.#node(',');
    const target = this.#node(')');
    return edgeFilter(source, target, this.#braces());
  }

  /** A name, or `id(name: "…", type: "…")`. */
  #node(end: string): Node {
    const token = this.tokens[this.#at++];
    const node: Node = {};
    if (token?.kind === 'string') node.name = token.text;
    else if (token?.kind === 'word' && token.text.toLowerCase() === 'id') this.#id(node);
    else throw invalidFilter('a service has no name');
    this.#expect(end);
    return node;
  }

  #id(node: Node): void {
    this.#expect('(');
    do {
      const word = this.tokens[this.#at++];
      this.#expect(':');
      const value = this.tokens[this.#at++];
      if (word?.kind !== 'word' || value?.kind !== 'string')
        throw invalidFilter('id() takes names and types');
      if (word.text === 'name') node.name = value.text;
      else if (word.text === 'type') node.type = value.text;
      else if (word.text === 'account.id') throw notImplemented('account.id in X-Ray filters');
      else throw invalidFilter('id() takes names and types');
    } while (this.#take(','));
    this.#expect(')');
  }

  #braces(): Filter {
    if (!this.#take('{')) return () => true;
    this.#inNode = true;
    const filter = this.#or();
    this.#inNode = false;
    this.#expect('}');
    return filter;
  }

  #take(sign: string): boolean {
    const token = this.tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#at++;
    return true;
  }

  #takeWord(word: string): boolean {
    const token = this.tokens[this.#at];
    if (token?.kind !== 'word' || token.text.toUpperCase() !== word) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw invalidFilter(`"${sign}" is missing`);
  }
}

const isKeyword = (word: string): word is Keyword => Object.hasOwn(KEYWORDS, word);
