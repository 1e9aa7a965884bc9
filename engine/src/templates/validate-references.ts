import { cycle, type Dependencies } from './graph';
import { FIND_IN_MAP, isPseudoParameter } from './intrinsics';
import { getAttParts, references } from './references';
import { refuse } from './refusal';
import { intrinsic, isObject, type ResourceDeclaration, type Template } from './template';

const GET_ATT =
  'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute';

/** The form of intrinsics that CloudFormation checks before it takes a template. */
function checkForm(value: unknown, template: Template): void {
  if (Array.isArray(value)) {
    for (const each of value) checkForm(each, template);
    return;
  }
  if (!isObject(value)) return;
  const call = intrinsic(value);
  if (call?.name === 'Fn::GetAtt' && !getAttParts(call.argument)) throw refuse(GET_ATT);
  if (call?.name === 'Ref' && typeof call.argument !== 'string') {
    throw refuse('Template error: every Ref object must have a single String value.');
  }
  if (call?.name === 'Fn::If') {
    const [name] = Array.isArray(call.argument) ? (call.argument as unknown[]) : [];
    if (!Array.isArray(call.argument) || call.argument.length !== 3) {
      throw refuse('Template error: Fn::If requires a list argument with three elements');
    }
    if (typeof name !== 'string' || !Object.hasOwn(template.Conditions ?? {}, name)) {
      throw refuse(`Template error: unresolved condition dependency ${String(name)} in Fn::If`);
    }
  }
  if (call?.name === 'Fn::FindInMap') {
    const [map] = Array.isArray(call.argument) ? (call.argument as unknown[]) : [];
    if (!Array.isArray(call.argument) || call.argument.length < 3) throw refuse(FIND_IN_MAP);
    if (typeof map === 'string' && !Object.hasOwn(template.Mappings ?? {}, map)) {
      throw refuse(
        `Template error: Mapping named '${map}' is not present in the 'Mappings' section of template.`,
      );
    }
  }
  for (const each of Object.values(value)) checkForm(each, template);
}

function unresolved(value: unknown, template: Template): string[] {
  return references(value)
    .filter(({ to, attribute }) => {
      if (Object.hasOwn(template.Resources, to)) return false;
      if (attribute !== undefined) return true;
      return !isPseudoParameter(to) && !Object.hasOwn(template.Parameters ?? {}, to);
    })
    .map(({ to }) => to);
}

function dependsOn(resource: ResourceDeclaration): string[] {
  return [resource.DependsOn ?? []].flat();
}

function refuseUnresolved(names: string[], where: string): void {
  if (names.length === 0) return;
  const list = [...new Set(names)].join(', ');
  throw refuse(
    `Template format error: Unresolved resource dependencies [${list}] in the ${where} block of the template`,
  );
}

/** Which resources each resource waits for, by all of its references and its DependsOn. */
export function dependencies(
  template: Template,
  active: (logicalId: string) => boolean = () => true,
  choose?: (condition: string) => boolean | undefined,
): Dependencies {
  const graph = new Map<string, Set<string>>();
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (!active(id)) continue;
    const needs = references(resource.Properties, choose).map(({ to }) => to);
    const all = [...needs, ...dependsOn(resource)].filter((to) => Object.hasOwn(template.Resources, to));
    graph.set(id, new Set(all.filter(active)));
  }
  return graph;
}

function checkConditions(template: Template): void {
  const declared = template.Conditions ?? {};
  const named = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(named);
    if (!isObject(value)) return [];
    const call = intrinsic(value);
    if (call?.name === 'Condition') return [String(call.argument)];
    return Object.values(value).flatMap(named);
  };
  for (const condition of Object.values(declared)) {
    const missing = named(condition).find((name) => !Object.hasOwn(declared, name));
    if (missing !== undefined) {
      throw refuse(
        `Template format error: Unresolved condition dependency ${missing} in the Conditions block of the template`,
      );
    }
    const found = unresolved(condition, template);
    const resources = references(condition)
      .map(({ to }) => to)
      .filter((to) => Object.hasOwn(template.Resources, to));
    const all = [...new Set([...found, ...resources])];
    if (all.length > 0) {
      throw refuse(
        `Template format error: Unresolved dependencies [${all.join(', ')}]. Cannot reference resources in the Conditions block of the template`,
      );
    }
  }
  const circle = cycle(
    new Map(Object.entries(declared).map(([name, value]) => [name, new Set(named(value))])),
  );
  if (circle.length > 0) {
    throw refuse(`Template format error: Circular dependency between conditions: [${circle.join(', ')}]`);
  }
  const users = [...Object.values(template.Resources), ...Object.values(template.Outputs ?? {})];
  for (const { Condition } of users) {
    if (Condition !== undefined && !Object.hasOwn(declared, Condition)) {
      throw refuse(
        `Template format error: Condition '${Condition}' is not defined in the Conditions block of the template`,
      );
    }
  }
}

/** Refuses what refers to nothing, intrinsics out of form, and circles. */
export function checkReferences(template: Template): void {
  for (const resource of Object.values(template.Resources)) checkForm(resource.Properties, template);
  checkForm(template.Outputs, template);
  checkConditions(template);
  const missing: string[] = [];
  for (const resource of Object.values(template.Resources)) {
    missing.push(...unresolved(resource.Properties, template));
    missing.push(...dependsOn(resource).filter((id) => !Object.hasOwn(template.Resources, id)));
  }
  refuseUnresolved(missing, 'Resources');
  refuseUnresolved(
    Object.values(template.Outputs ?? {}).flatMap((output) => unresolved(output, template)),
    'Outputs',
  );
  const circle = cycle(dependencies(template));
  if (circle.length > 0) throw refuse(`Circular dependency between resources: [${circle.join(', ')}]`);
}
