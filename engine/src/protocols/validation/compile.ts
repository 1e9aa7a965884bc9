import type { Member, OperationModel, Shape } from '../model';
import {
  type Constraint,
  constraintsOf,
  elementConstraintsOf,
  isConstrained,
  type Kind,
} from './constraints';
import { leftToService, ownValues } from './exceptions';
import { lowerFirst } from './print';

/** One thing that is wrong with an input. */
export interface Violation {
  /** As in `tags.1.member.key`. */
  path: string;
  kind: Kind;
  sentence: string;
  value: unknown;
  /** Of the value; of the member that is missing. */
  shape: Shape;
  member: Member;
}

type Report = (violation: Violation) => void;
type Check = (value: unknown, path: string, report: Report) => void;

const NOT_NULL = 'Member must not be null';

/**
 * Turns an operation's input shape into checks once; what needs none costs nothing. Shapes may be recursive
 * (DynamoDB's AttributeValue), so a shape's check is looked up when it runs.
 */
export class Compiler {
  readonly #checks = new Map<Shape, Check | undefined>();
  readonly #needs = new Map<Shape, boolean>();

  constructor(readonly operation: OperationModel) {}

  /** Whether anything in the shape, however deep, can be wrong. */
  #needed(shape: Shape): boolean {
    const known = this.#needs.get(shape);
    if (known !== undefined) return known;
    const seen = new Set<Shape>();
    const look = (at: Shape): boolean => {
      if (seen.has(at)) return false;
      seen.add(at);
      if (isConstrained(at)) return true;
      if (at.type === 'list') return !at.sparse || look(at.member.shape);
      if (at.type === 'map') return look(at.key.shape) || look(at.value.shape);
      if (!at.isStructure) return false;
      return (at.json.required?.length ?? 0) > 0 || at.members.some((member) => look(member.shape));
    };
    const needed = look(shape);
    this.#needs.set(shape, needed);
    return needed;
  }

  structure(shape: Shape): Check {
    const required = new Set(shape.json.required ?? []);
    const steps: { member: Member; step: string; required: boolean; check: Check | undefined }[] = [];
    for (const member of shape.members) {
      const check = this.#needed(member.shape) ? this.#member(shape, member) : undefined;
      const left = leftToService(this.operation, shape, member, 'null');
      const must = required.has(member.name) && !left;
      const step = { member, step: lowerFirst(member.name), required: must, check };
      if (ownValues(this.operation, member)) steps.unshift(step);
      else if (must || check) steps.push(step);
    }
    return (value, path, report) => {
      const from = value as Record<string, unknown>;
      for (const { member, step, required: must, check } of steps) {
        const entry = from[member.name];
        if (entry === undefined || entry === null) {
          if (must) {
            const at = path === '' ? step : `${path}.${step}`;
            report({
              path: at,
              kind: 'null',
              sentence: NOT_NULL,
              value: undefined,
              shape: member.shape,
              member,
            });
          }
        } else check?.(entry, path === '' ? step : `${path}.${step}`, report);
      }
    };
  }

  #member(owner: Shape, member: Member): Check {
    const { shape } = member;
    const own = constraintsOf(shape).filter(
      (constraint) => !leftToService(this.operation, owner, member, constraint.kind),
    );
    const inner = this.#inner(owner, member, shape);
    const values = ownValues(this.operation, member);
    if (values) own.push(values);
    return (value, path, report) => {
      for (const constraint of own) {
        if (!constraint.holds(value)) report({ path, ...brief(constraint), value, shape, member });
      }
      inner?.(value, path, report);
    };
  }

  /** The check of what is inside a list, map or structure. */
  #inner(owner: Shape, member: Member, shape: Shape): Check | undefined {
    if (shape.type === 'list') return this.#list(owner, member, shape);
    if (shape.type === 'map') return this.#map(owner, member, shape);
    if (!shape.isStructure) return undefined;
    return (value, path, report) => this.#of(shape)?.(value, path, report);
  }

  #of(shape: Shape): Check | undefined {
    if (!this.#checks.has(shape)) {
      this.#checks.set(shape, this.#needed(shape) ? this.structure(shape) : undefined);
    }
    return this.#checks.get(shape);
  }

  #elements(owner: Shape, member: Member, shape: Shape, what: string, notNull: boolean): Check | undefined {
    const constraints = elementConstraintsOf(shape).filter(
      (constraint) => !leftToService(this.operation, owner, member, constraint.kind),
    );
    if (constraints.length === 0) return undefined;
    const all = constraints.map((constraint) => constraint.sentence);
    if (notNull) all.push(NOT_NULL);
    const sentence = `${what} must satisfy constraint: [${all.join(', ')}]`;
    const kind = constraints[constraints.length - 1]!.kind;
    return (value, path, report) => {
      for (const item of value as unknown[]) {
        if (item !== null && constraints.every((constraint) => constraint.holds(item))) continue;
        // The whole collection is shown, once.
        report({ path, kind, sentence, value: undefined, shape, member });
        return;
      }
    };
  }

  #list(owner: Shape, member: Member, shape: Shape): Check {
    const item = shape.member.shape;
    const optional = leftToService(this.operation, owner, member, 'null');
    const elements = this.#elements(owner, member, item, 'Member', !optional && !shape.sparse);
    const nested = item.isStructure || item.type === 'list' || item.type === 'map';
    const inner = nested && this.#needed(item) ? this.#inner(owner, shape.member, item) : undefined;
    return (value, path, report) => {
      const items = value as unknown[];
      elements?.(items, path, (violation) => report({ ...violation, value, shape }));
      for (let i = 0; i < items.length; i++) {
        const entry = items[i];
        if (entry === null || entry === undefined) {
          if (!shape.sparse && !elements) {
            const at = `${path}.${i + 1}.member`;
            report({ path: at, kind: 'null', sentence: NOT_NULL, value: undefined, shape: item, member });
          }
        } else if (inner) inner(entry, `${path}.${i + 1}.member`, report);
      }
    };
  }

  #map(owner: Shape, member: Member, shape: Shape): Check {
    const keys = this.#elements(owner, member, shape.key.shape, 'Map keys', true);
    const item = shape.value.shape;
    const values = this.#elements(owner, member, item, 'Map value', false);
    const nested = item.isStructure || item.type === 'list' || item.type === 'map';
    const inner = nested && this.#needed(item) ? this.#inner(owner, shape.value, item) : undefined;
    if (!keys && !values && !inner) return () => {};
    return (value, path, report) => {
      const map = value as Record<string, unknown>;
      const whole: Report = (violation) => report({ ...violation, value, shape });
      keys?.(Object.keys(map), path, whole);
      values?.(Object.values(map), path, whole);
      if (!inner) return;
      for (const key of Object.keys(map)) {
        const entry = map[key];
        if (entry !== null && entry !== undefined) inner(entry, `${path}.${key}.member`, report);
      }
    };
  }
}

function brief(constraint: Constraint): { kind: Kind; sentence: string } {
  return { kind: constraint.kind, sentence: constraint.sentence };
}
