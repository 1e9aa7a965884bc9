/** A CloudFormation template, as far as the adapter looks into it. */
export interface Template {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, { Value: unknown; [member: string]: unknown }>;
  [section: string]: unknown;
}

export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  [member: string]: unknown;
}

export interface Reference {
  logicalId: string;
  /** Undefined for `Ref`. */
  attribute: string | undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What `{ Ref }` or `{ Fn::GetAtt }` refers to; undefined for everything else. */
export function referenceOf(value: unknown): Reference | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  if (typeof value.Ref === 'string') return { logicalId: value.Ref, attribute: undefined };
  const got = value['Fn::GetAtt'];
  if (typeof got === 'string') return named(got);
  if (!Array.isArray(got) || got.some((part) => typeof part !== 'string')) return undefined;
  const [logicalId = '', ...path] = got as string[];
  return { logicalId, attribute: path.join('.') };
}

function named(text: string): Reference {
  const dot = text.indexOf('.');
  return dot < 0
    ? { logicalId: text, attribute: undefined }
    : { logicalId: text.slice(0, dot), attribute: text.slice(dot + 1) };
}

/** `${…}` of an Fn::Sub, but not the escaped `${!…}`. */
const VARIABLE = /\$\{([^!}][^}]*)\}/g;

/** The text and the variables of an Fn::Sub in either of its forms; undefined for everything else. */
export function substitutionOf(
  value: unknown,
): { text: string; variables: Record<string, unknown> } | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  const sub = value['Fn::Sub'];
  if (typeof sub === 'string') return { text: sub, variables: {} };
  if (!Array.isArray(sub) || typeof sub[0] !== 'string') return undefined;
  return { text: sub[0], variables: isObject(sub[1]) ? sub[1] : {} };
}

/** Replaces each variable of a text by what `by` makes of it. */
export function eachVariable(text: string, by: (name: string, reference: Reference) => string): string {
  return text.replace(VARIABLE, (_, name: string) => by(name, named(name.trim())));
}

/** All references in a value, however deep. */
export function* references(value: unknown): Iterable<Reference> {
  const reference = referenceOf(value);
  if (reference) {
    yield reference;
    return;
  }
  const substitution = substitutionOf(value);
  if (substitution) {
    const found: Reference[] = [];
    eachVariable(substitution.text, (name, one) => {
      if (!Object.hasOwn(substitution.variables, name)) found.push(one);
      return name;
    });
    yield* found;
  }
  if (Array.isArray(value)) for (const item of value) yield* references(item);
  else if (isObject(value)) for (const item of Object.values(value)) yield* references(item);
}

export function dependenciesOf(resource: Resource): string[] {
  const { DependsOn } = resource;
  return DependsOn === undefined ? [] : Array.isArray(DependsOn) ? DependsOn : [DependsOn];
}
