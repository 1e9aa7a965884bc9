import { notImplemented } from '../kernel';
import { isKnownType } from './facts';
import { isParameterType } from './parameters';
import { refuse } from './refusal';
import { isObject, type JsonObject, type Template } from './template';
import { checkReferences } from './validate-references';

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Hooks',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
  'Transform',
]);

const RESOURCE_MEMBERS = new Set([
  'Condition',
  'CreationPolicy',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdatePolicy',
  'UpdateReplacePolicy',
  'Version',
]);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LIMITS = { Resources: 500, Parameters: 200, Outputs: 200, Mappings: 200 } as const;

const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';

function section(source: JsonObject, name: string): JsonObject {
  const value = source[name];
  if (value === undefined) return {};
  if (!isObject(value)) throw refuse(`Template format error: ${name} must be an object.`);
  const limit = LIMITS[name as keyof typeof LIMITS];
  const size = Object.keys(value).length;
  if (limit !== undefined && size > limit) {
    throw refuse(
      `Template format error: Number of ${name.toLowerCase()}, ${size}, is greater than maximum allowed, ${limit}`,
    );
  }
  return value;
}

/** `null` anywhere but in free text is refused, with its place. */
function refuseNulls(value: unknown, path: string): void {
  if (value === null) throw refuse(`[${path}] 'null' values are not allowed in templates`);
  if (typeof value !== 'object') return;
  for (const [key, each] of Object.entries(value)) refuseNulls(each, `${path}/${key}`);
}

function alphanumeric(kind: string, name: string): void {
  if (!/^[A-Za-z0-9]{1,255}$/.test(name)) {
    throw refuse(`Template format error: ${kind} name ${name} is non alphanumeric.`);
  }
}

function checkParameters(source: JsonObject): void {
  for (const [name, declaration] of Object.entries(section(source, 'Parameters'))) {
    alphanumeric('Parameter', name);
    if (!isObject(declaration) || declaration.Type === undefined) {
      throw refuse('Template format error: Every Parameters object must contain a Type member.');
    }
    if (!isParameterType(declaration.Type)) {
      throw refuse(`Template format error: Unrecognized parameter type: ${String(declaration.Type)}`);
    }
  }
}

function checkMappings(source: JsonObject): void {
  const malformed = 'Template format error: Every Mappings attribute must be a String or a List.';
  for (const map of Object.values(section(source, 'Mappings'))) {
    if (!isObject(map)) throw refuse('Template format error: Every Mappings member must be a map.');
    for (const attributes of Object.values(map)) {
      if (!isObject(attributes)) throw refuse('Template format error: Every Mappings member must be a map.');
      for (const value of Object.values(attributes)) if (isObject(value)) throw refuse(malformed);
    }
  }
}

function policy(name: string, member: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || isObject(value)) return;
  if (typeof value !== 'string')
    throw refuse(`Template format error: Every ${member} member must be a string.`);
  if (!allowed.includes(value))
    throw refuse(`Template error: Unrecognized ${member} ${value} for resource ${name}`);
}

function checkResources(source: JsonObject): void {
  const resources = section(source, 'Resources');
  if (Object.keys(resources).length === 0) {
    throw refuse('Template format error: At least one Resources member must be defined.');
  }
  const unknown = new Set<string>();
  for (const [name, resource] of Object.entries(resources)) {
    if (name.startsWith('Fn::ForEach::')) throw notImplemented('CloudFormation Fn::ForEach');
    alphanumeric('Resource', name);
    if (!isObject(resource))
      throw refuse(`Template format error: [/Resources/${name}] resource definition is malformed`);
    const extra = Object.keys(resource).find((key) => !RESOURCE_MEMBERS.has(key));
    if (extra !== undefined) throw refuse(`Invalid template resource property '${extra}'`);
    if (typeof resource.Type !== 'string') {
      throw refuse(
        `Template format error: [/Resources/${name}] Every Resources object must contain a Type member.`,
      );
    }
    if (!isKnownType(resource.Type)) unknown.add(resource.Type);
    if (resource.Properties !== undefined && !isObject(resource.Properties)) {
      throw refuse(`Template format error: [/Resources/${name}] Every Properties member must be an object.`);
    }
    const depends = resource.DependsOn;
    const wellFormed =
      depends === undefined ||
      typeof depends === 'string' ||
      (Array.isArray(depends) && depends.every((each) => typeof each === 'string'));
    if (!wellFormed) throw refuse('Template format error: DependsOn must be a string or list of strings.');
    policy(name, 'DeletionPolicy', resource.DeletionPolicy, [
      'Delete',
      'Retain',
      'Snapshot',
      'RetainExceptOnCreate',
    ]);
    policy(name, 'UpdateReplacePolicy', resource.UpdateReplacePolicy, ['Delete', 'Retain', 'Snapshot']);
    refuseNulls(resource.Properties ?? {}, `/Resources/${name}/Properties`);
  }
  if (unknown.size > 0) {
    throw refuse(`Template format error: Unrecognized resource types: [${[...unknown].join(', ')}]`);
  }
}

function checkOutputs(source: JsonObject): void {
  for (const [name, output] of Object.entries(section(source, 'Outputs'))) {
    if (name.startsWith('Fn::ForEach::')) throw notImplemented('CloudFormation Fn::ForEach');
    alphanumeric('Output', name);
    if (isObject(output) && output.Value === null) refuseNulls(output, `/Outputs/${name}`);
    if (output === null) throw refuse(`[/Outputs/${name}] 'null' values are not allowed in templates`);
    if (!isObject(output) || output.Value === undefined) {
      throw refuse('Template format error: Every Outputs member must contain a Value object');
    }
    refuseNulls(output, `/Outputs/${name}`);
    if (output.Export !== undefined && (!isObject(output.Export) || output.Export.Name === undefined)) {
      throw refuse(
        `Template format error: Output ${name} is malformed. The Name field of every Export member must be specified`,
      );
    }
  }
}

function checkTransform(source: JsonObject): void {
  const transform = source.Transform;
  if (transform === undefined) return;
  for (const each of Array.isArray(transform) ? (transform as unknown[]) : [transform]) {
    if (each === LANGUAGE_EXTENSIONS) continue;
    const name = isObject(each) ? String(each.Name) : String(each);
    throw notImplemented(`CloudFormation Transform ${name}`);
  }
}

export function usesLanguageExtensions(template: Template): boolean {
  return [template.Transform].flat().includes(LANGUAGE_EXTENSIONS);
}

/** Checks the form of a whole template, and that all it refers to is there, as CloudFormation does before anything else. */
export function checkTemplate(source: JsonObject): Template {
  const unknown = Object.keys(source).filter((key) => !SECTIONS.has(key));
  if (unknown.length > 0) throw refuse(`Invalid template property or properties [${unknown.join(', ')}]`);
  const version = source.AWSTemplateFormatVersion;
  if (version !== undefined && version !== '2010-09-09') {
    throw refuse('Template format error: unsupported value for AWSTemplateFormatVersion.');
  }
  if (source.Description !== undefined) {
    if (typeof source.Description !== 'string') {
      throw refuse('Template format error: Every Description member must be a string.');
    }
    if (Buffer.byteLength(source.Description) > 1024) {
      throw refuse("Template format error: 'Description' length is greater than 1024.");
    }
  }
  checkTransform(source);
  if (source.Hooks !== undefined) throw notImplemented('CloudFormation Hooks');
  checkParameters(source);
  checkMappings(source);
  checkResources(source);
  checkOutputs(source);
  // Its form was checked just now, member by member.
  const template = source as unknown as Template;
  checkReferences(template);
  return template;
}
