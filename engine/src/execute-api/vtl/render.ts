import { calculate } from './arithmetic';
import { type Expression, type Node, type Reference, TemplateError } from './ast';
import { assign, callMethod, itemOf, propertyOf } from './methods';
import { parseTemplate } from './parse';
import { type Hosted, isList, isMap, isNumber, isTrue, javaText, listOf, textOf, type Value } from './values';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_ITERATIONS = 1000;
/** Far beyond what a request of 10 MB and 29 seconds allows: loops in loops must not hold the process. */
const MAX_STEPS = 2_000_000;
const MAX_OUTPUT = 32 * 1024 * 1024;
const MAX_DEPTH = 20;

class Break extends Error {}
class Stop extends Error {}

/** Renders a parsed template over its variables, which `#set` changes. */
export function render(nodes: readonly Node[], variables: Map<string, Value>): string {
  const renderer = new Renderer(variables);
  try {
    renderer.nodes(nodes);
  } catch (error) {
    if (!(error instanceof Stop || error instanceof Break)) throw error;
  }
  return renderer.output();
}

class Renderer {
  #pieces: string[] = [];
  #size = 0;
  #steps = 0;
  #depth = 0;
  readonly #macros = new Map<string, Extract<Node, { kind: 'macro' }>>();

  constructor(readonly variables: Map<string, Value>) {}

  output(): string {
    return this.#pieces.join('');
  }

  nodes(nodes: readonly Node[]): void {
    for (const node of nodes) this.#node(node);
  }

  #write(text: string): void {
    this.#size += text.length;
    if (this.#size > MAX_OUTPUT) throw new TemplateError('the output is too long');
    this.#pieces.push(text);
  }

  /** What the nodes print, not written yet. */
  #captured(nodes: readonly Node[]): string {
    const before = this.#pieces;
    this.#pieces = [];
    try {
      this.nodes(nodes);
      return this.output();
    } finally {
      this.#pieces = before;
    }
  }

  #node(node: Node): void {
    if (++this.#steps > MAX_STEPS) throw new TemplateError('the template takes too many steps');
    switch (node.kind) {
      case 'text':
        this.#write(node.text);
        return;
      case 'reference':
        this.#write(textOf(this.#reference(node.reference)));
        return;
      case 'set':
        this.#set(node.target, this.value(node.value));
        return;
      case 'if': {
        const branch = node.branches.find(({ condition }) => !condition || isTrue(this.value(condition)));
        this.nodes(branch?.body ?? []);
        return;
      }
      case 'foreach':
        this.#foreach(node);
        return;
      case 'define':
        this.variables.set(node.name, this.#defined(node.body));
        return;
      case 'macro':
        this.#macros.set(node.name, node);
        return;
      case 'call':
        this.#macro(node.name, node.args);
        return;
      case 'evaluate': {
        const nodes = parseTemplate(javaText(this.value(node.value)));
        this.#deeper(() => this.nodes(nodes));
        return;
      }
      case 'break':
        throw new Break();
      case 'stop':
        throw new Stop();
    }
  }

  #deeper(run: () => void): void {
    if (++this.#depth > MAX_DEPTH) throw new TemplateError(`more than ${MAX_DEPTH} macros in one another`);
    run();
    this.#depth--;
  }

  #defined(body: readonly Node[]): Hosted {
    let text = '';
    return {
      property: () => undefined,
      call: () => undefined,
      text: () => {
        this.#deeper(() => {
          text = this.#captured(body);
        });
        return text;
      },
    };
  }

  #macro(name: string, args: readonly Expression[]): void {
    const macro = this.#macros.get(name);
    if (!macro) return;
    const given = args.map((arg) => this.value(arg));
    const hidden = macro.parameters.map((parameter) => this.variables.get(parameter));
    for (const [i, parameter] of macro.parameters.entries()) this.variables.set(parameter, given[i] ?? null);
    this.#deeper(() => this.nodes(macro.body));
    for (const [i, parameter] of macro.parameters.entries()) this.#restore(parameter, hidden[i]);
  }

  #restore(name: string, value: Value | undefined): void {
    if (value === undefined) this.variables.delete(name);
    else this.variables.set(name, value);
  }

  #foreach({ variable, list, body }: Extract<Node, { kind: 'foreach' }>): void {
    const items = itemsOf(this.value(list)).slice(0, MAX_ITERATIONS);
    const hidden = [this.variables.get(variable), this.variables.get('foreach')] as const;
    for (const [index, item] of items.entries()) {
      this.variables.set(variable, item);
      this.variables.set('foreach', loopOf(index, items.length, hidden[1] ?? null));
      this.variables.set('velocityCount', index + 1);
      try {
        this.nodes(body);
      } catch (error) {
        if (error instanceof Break) break;
        throw error;
      }
    }
    this.#restore(variable, hidden[0]);
    this.#restore('foreach', hidden[1]);
  }

  #set({ name, steps }: Reference, value: Value): void {
    const last = steps.at(-1);
    if (!last) {
      this.variables.set(name, value);
      return;
    }
    const owner = this.#reference({ name, steps: steps.slice(0, -1) });
    if (last.kind === 'property') assign(owner, last.name, value);
    else if (last.kind === 'index') assign(owner, this.value(last.at), value);
  }

  #reference({ name, steps }: Reference): Value {
    let value = this.variables.get(name) ?? null;
    for (const step of steps) {
      if (value === null) return null;
      if (step.kind === 'property') value = propertyOf(value, step.name);
      else if (step.kind === 'index') value = itemOf(value, this.value(step.at));
      else {
        const args = step.args.map((arg) => this.value(arg));
        value = callMethod(value, step.name, args);
      }
    }
    return value;
  }

  value(expression: Expression): Value {
    if (++this.#steps > MAX_STEPS) throw new TemplateError('the template takes too many steps');
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'interpolated':
        return this.#captured(expression.nodes);
      case 'reference':
        return this.#reference(expression.reference);
      case 'list':
        return listOf(expression.items.map((item) => this.value(item)));
      case 'range':
        return rangeOf(this.value(expression.from), this.value(expression.to));
      case 'map': {
        const entries = expression.entries.map(([key, value]): [string, Value] => [
          javaText(this.value(key)),
          this.value(value),
        ]);
        return new Map(entries);
      }
      case 'not':
        return !isTrue(this.value(expression.operand));
      case 'minus':
        return calculate('-', 0, this.value(expression.operand));
      case 'binary': {
        const left = this.value(expression.left);
        if (expression.operator === '&&') return isTrue(left) && isTrue(this.value(expression.right));
        if (expression.operator === '||') return isTrue(left) || isTrue(this.value(expression.right));
        return calculate(expression.operator, left, this.value(expression.right));
      }
    }
  }
}

function itemsOf(value: Value): readonly Value[] {
  if (isList(value)) return [...value];
  return isMap(value) ? [...value.values()] : [];
}

function rangeOf(from: Value, to: Value): Value {
  if (!isNumber(from) || !isNumber(to)) return null;
  const [first, last] = [Number(from), Number(to)];
  const step = first <= last ? 1 : -1;
  const length = Math.min(Math.abs(last - first) + 1, MAX_ITERATIONS);
  return listOf(Array.from({ length }, (_none, i) => first + i * step));
}

/** `$foreach`: where a loop is. */
function loopOf(index: number, length: number, parent: Value): Value {
  return new Map<string, Value>([
    ['index', index],
    ['count', index + 1],
    ['hasNext', index + 1 < length],
    ['first', index === 0],
    ['last', index + 1 === length],
    ['parent', parent],
  ]);
}
