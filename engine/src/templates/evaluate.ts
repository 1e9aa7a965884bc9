import { notImplemented } from '../kernel';
import { evaluateConditions } from './conditions';
import type { Engine } from './engine';
import { resourceFacts } from './facts';
import type { Dependencies } from './graph';
import { resolve } from './intrinsics';
import { fetchParameters, type ParameterValue, parameterScope } from './parameters';
import { isCustom } from './providers';
import type { ResourceRecord } from './records';
import { references } from './references';
import { refuse } from './refusal';
import { checkRules } from './rules';
import { KNOWN_AFTER_APPLY, type Scope } from './scope';
import { intrinsic, isObject, type Template } from './template';
import { usesLanguageExtensions } from './validate';
import { dependencies } from './validate-references';

/** A template with its parameters and conditions decided: what a stack is to become. */
export interface Desired {
  template: Template;
  body: string;
  parameters: ParameterValue[];
  /** The scope without resources: see scopeOf. */
  base: Scope;
  graph: Dependencies;
}

export interface StackIdentity {
  id: string;
  name: string;
}

function unavailable(logicalId: string): never {
  throw refuse(`Unresolved resource dependencies [${logicalId}] in the Resources block of the template`);
}

async function zones(engine: Engine, template: Template): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const regions = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const call = intrinsic(value);
    // Any other argument is a Ref to the stack's own region, as good as always.
    if (call?.name === 'Fn::GetAZs') {
      regions.add(typeof call.argument === 'string' && call.argument ? call.argument : engine.region);
    }
    for (const each of Object.values(value)) look(each);
  };
  look(template);
  for (const region of regions) {
    const { AvailabilityZones } = await engine.host.invoke(
      'ec2',
      'DescribeAvailabilityZones',
      {},
      { region, as: engine.principal },
    );
    found.set(region, (AvailabilityZones ?? []).map((zone) => zone.ZoneName ?? '').sort());
  }
  return found;
}

/** Decides parameters and conditions, and which resources there are to be. */
export async function evaluate(
  engine: Engine,
  stack: StackIdentity,
  source: { template: Template; body: string; parameters: ParameterValue[] },
): Promise<Desired> {
  const { template, body } = source;
  const parameters = await fetchParameters(template, source.parameters, async (name) => {
    const { Parameter } = await engine.host.invoke(
      'ssm',
      'GetParameter',
      { Name: name },
      { as: engine.principal },
    );
    return { type: Parameter?.Type ?? '', value: Parameter?.Value ?? '' };
  });
  const known = await zones(engine, template);
  const blank: Scope = {
    account: engine.account,
    region: engine.region,
    stackId: stack.id,
    stackName: stack.name,
    parameters: parameterScope(parameters),
    mappings: template.Mappings ?? {},
    conditions: {},
    ref: unavailable,
    attribute: unavailable,
    exported: (name) => {
      const found = engine.state.exports.get(name);
      if (!found) throw refuse(`No export named ${name} found. Rollback requested by user.`);
      return found.value;
    },
    zones: (region) => {
      const list = known.get(region);
      if (!list) throw notImplemented('Fn::GetAZs of a computed region other than the stack’s own');
      return list;
    },
    languageExtensions: usesLanguageExtensions(template),
  };
  checkRules(template.Rules, blank);
  const conditions = evaluateConditions(template, blank);
  const base: Scope = { ...blank, conditions };
  const active = (id: string): boolean => {
    const condition = template.Resources[id]?.Condition;
    return condition === undefined || conditions[condition] === true;
  };
  const choose = (name: string): boolean | undefined => conditions[name];
  const graph = dependencies(template, active, choose);
  checkActive(template, active, choose, conditions);
  return { template, body, parameters, base, graph };
}

/** Refuses references of what is there to what its condition takes away. */
function checkActive(
  template: Template,
  active: (id: string) => boolean,
  choose: (name: string) => boolean | undefined,
  conditions: Readonly<Record<string, boolean>>,
): void {
  const gone = (value: unknown): string[] =>
    references(value, choose)
      .map(({ to }) => to)
      .filter((to) => Object.hasOwn(template.Resources, to) && !active(to));
  const missing = Object.entries(template.Resources).flatMap(([id, { Properties }]) =>
    active(id) ? gone(Properties) : [],
  );
  if (missing.length > 0) {
    const list = [...new Set(missing)].join(', ');
    throw refuse(
      `Template format error: Unresolved resource dependencies [${list}] in the Resources block of the template`,
    );
  }
  const outputs = Object.values(template.Outputs ?? {}).filter(
    ({ Condition }) => Condition === undefined || conditions[Condition],
  );
  const lost = outputs.flatMap(gone);
  if (lost.length > 0) {
    throw refuse(
      `Unresolved resource dependencies [${[...new Set(lost)].join(', ')}] in the Outputs block of the template`,
    );
  }
}

/** What Fn::GetAtt gives of a resource that is there. */
function attributeOf(record: ResourceRecord, attribute: string, region: string): unknown {
  const value = record.attributes[attribute];
  if (value !== undefined) return value;
  // `A.B` may lie within attribute `A`.
  const dot = attribute.indexOf('.');
  const outer = dot > 0 ? record.attributes[attribute.slice(0, dot)] : undefined;
  if (isObject(outer) && outer[attribute.slice(dot + 1)] !== undefined)
    return outer[attribute.slice(dot + 1)];
  if (isCustom(record.type)) {
    throw refuse(
      `CustomResource attribute error: Vendor response doesn't contain ${attribute} attribute in object ${record.physicalId}`,
    );
  }
  if (resourceFacts(record.type)?.attributes.has(attribute)) {
    throw notImplemented(`attribute '${attribute}' of ${record.type} (in ${region})`);
  }
  throw refuse(
    `Template error: resource ${record.logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
  );
}

/** The scope of a stack whose resources `record` finds. */
export function scopeOf(
  desired: Desired,
  record: (logicalId: string) => ResourceRecord | undefined,
  imported?: Set<string>,
): Scope {
  const { base } = desired;
  const known = (logicalId: string): ResourceRecord => record(logicalId) ?? unavailable(logicalId);
  return {
    ...base,
    ref: (logicalId) => known(logicalId).physicalId,
    attribute: (logicalId, attribute) => attributeOf(known(logicalId), attribute, base.region),
    exported: (name) => {
      imported?.add(name);
      return base.exported(name);
    },
  };
}

/** The scope of a plan: what is not there yet shows as AWS's placeholder. */
export function planningScope(
  desired: Desired,
  record: (logicalId: string) => ResourceRecord | undefined,
): Scope {
  const { base } = desired;
  return {
    ...base,
    ref: (logicalId) => record(logicalId)?.physicalId ?? KNOWN_AFTER_APPLY,
    attribute: (logicalId, attribute) => {
      const there = record(logicalId);
      return there ? attributeOf(there, attribute, base.region) : KNOWN_AFTER_APPLY;
    },
  };
}

export function resolveProperties(
  desired: Desired,
  logicalId: string,
  scope: Scope,
): Record<string, unknown> {
  const resolved = resolve(desired.template.Resources[logicalId]?.Properties ?? {}, scope);
  return isObject(resolved) ? resolved : {};
}
