import { isAwsError } from '../kernel';
import { NO_ECHO } from './custom-resource';
import type { Engine } from './engine';
import { type Desired, scopeOf } from './evaluate';
import { resourceFacts } from './facts';
import { asText, resolve } from './intrinsics';
import { isCustom } from './providers';
import type { OutputRecord } from './records';
import { references } from './references';
import { refuse } from './refusal';
import { isObject, type Template } from './template';

/** Which stacks use an export. */
export function importers(engine: Engine, name: string): string[] {
  return [...engine.state.imports.values({ prefix: name })];
}

/** The outputs of a stack whose resources are done, for all to see; the reason where they cannot be. */
export function publishOutputs(
  engine: Engine,
  stackId: string,
  desired: Desired,
  imported: Set<string>,
): string | undefined {
  try {
    const outputs = outputsOf(engine, stackId, desired, imported);
    checkExports(engine, stackId, outputs);
    publish(engine, stackId, outputs, imported);
    return undefined;
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return `${error.message}. `;
  }
}

/** What the template's outputs come to. */
function outputsOf(engine: Engine, stackId: string, desired: Desired, imported: Set<string>): OutputRecord[] {
  const scope = scopeOf(desired, (id) => engine.state.resources.get([stackId, id]), imported);
  return Object.entries(desired.template.Outputs ?? {})
    .filter(([, { Condition }]) => Condition === undefined || desired.base.conditions[Condition])
    .map(([key, output]) => {
      const value = asText(resolve(output.Value, scope));
      if (value === undefined) {
        throw refuse(
          `Template format error: Output ${key} is malformed. The Value field of every Output member must be a string`,
        );
      }
      const exportName = output.Export && asText(resolve(output.Export.Name, scope));
      const secret = references(output.Value).some(
        ({ to, attribute }) =>
          attribute !== undefined && engine.state.resources.get([stackId, to])?.attributes[NO_ECHO] === true,
      );
      return {
        key,
        value,
        ...(output.Description ? { description: output.Description } : {}),
        ...(exportName ? { exportName } : {}),
        ...(secret ? { noEcho: true as const } : {}),
      };
    });
}

/** Refuses exports that another stack has, and changes to those another stack uses. */
function checkExports(engine: Engine, stackId: string, outputs: readonly OutputRecord[]): void {
  const next = new Map(
    outputs.flatMap(({ exportName, value }) => (exportName ? [[exportName, value] as const] : [])),
  );
  for (const name of next.keys()) {
    const there = engine.state.exports.get(name);
    if (there && there.stackId !== stackId) {
      const owner = engine.state.stacks.get(there.stackId)?.name ?? there.stackId;
      throw refuse(`Export with name ${name} is already exported by stack ${owner}`);
    }
  }
  for (const { name, value, stackId: owner } of engine.state.exports.values()) {
    if (owner !== stackId || next.get(name) === value) continue;
    const users = importers(engine, name);
    if (users.length > 0) {
      const verb = next.has(name) ? 'updated' : 'deleted';
      throw refuse(`Export ${name} cannot be ${verb} as it is in use by ${users.join(', ')}`);
    }
  }
}

/** Makes the outputs known, and what the stack exports and imports. */
function publish(
  engine: Engine,
  stackId: string,
  outputs: OutputRecord[],
  imported: ReadonlySet<string>,
): void {
  engine.store.transaction(() => {
    const stack = engine.state.stacks.get(stackId);
    if (!stack) return;
    engine.state.stacks.put(stackId, { ...stack, outputs });
    withdraw(engine, stackId);
    for (const { exportName, value } of outputs) {
      if (exportName) engine.state.exports.put(exportName, { name: exportName, value, stackId });
    }
    for (const name of imported) engine.state.imports.put([name, stackId], stack.name);
  });
}

/** Takes back all that a stack exports and imports. */
export function withdraw(engine: Engine, stackId: string): void {
  const own = [...engine.state.exports.values()].filter((each) => each.stackId === stackId);
  for (const { name } of own) engine.state.exports.remove(name);
  const used = [...engine.state.imports.entries()].filter(({ key }) => key[1] === stackId);
  for (const { key } of used) engine.state.imports.remove(key);
}

/** The first Fn::GetAtt of an attribute that its resource's type does not have, as CloudFormation tells it. */
export function unsupportedAttribute(template: Template): string | undefined {
  const look = (value: unknown, path: string): string | undefined => {
    for (const { to, attribute, by } of Array.isArray(value) || isObject(value) ? references(value) : []) {
      const type = template.Resources[to]?.Type ?? '';
      const facts = resourceFacts(type);
      if (attribute === undefined || !facts || isCustom(type) || type === 'AWS::CloudFormation::Stack')
        continue;
      const outer = attribute.split('.')[0] ?? '';
      if (!facts.attributes.has(attribute) && !facts.attributes.has(outer)) {
        return `[Error] ${path}/${by}: Resource type ${type} does not support attribute {${attribute}}`;
      }
    }
    return undefined;
  };
  for (const [id, resource] of Object.entries(template.Resources)) {
    for (const [name, value] of Object.entries(resource.Properties ?? {})) {
      const found = look(value, `/Resources/${id}/Properties/${name}`);
      if (found) return found;
    }
  }
  for (const [id, output] of Object.entries(template.Outputs ?? {})) {
    const found = look({ Value: output.Value }, `/Outputs/${id}/Value`);
    if (found) return found;
  }
  return undefined;
}
