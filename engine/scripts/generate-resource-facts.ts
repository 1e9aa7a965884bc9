/**
 * Writes models/resources/<namespace>.json: what CloudFormation knows of each resource type, from AWS's own
 * schemas (@aws-cdk/aws-service-spec), and models/resources/types.json: the name of every type there is.
 * Also models/cdk-bootstrap.json: the bootstrap template of the CDK CLI in node_modules, as it is.
 *
 *   npx tsx engine/scripts/generate-resource-facts.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type {
  Property,
  PropertyType,
  ResourceProperties,
  SpecDatabase,
  TypeDefinition,
} from '@aws-cdk/service-spec-types';
import { yamlParse } from 'yaml-cfn';

/** Namespaces of the services in kernel/operations.ts, and of what CDK apps put beside them. */
const NAMESPACES = [
  'ApiGateway',
  'ApiGatewayV2',
  'CertificateManager',
  'CloudFormation',
  'CloudFront',
  'CloudWatch',
  'DynamoDB',
  'EC2',
  'ECR',
  'ElastiCache',
  'Events',
  'IAM',
  'KMS',
  'Lambda',
  'Logs',
  'RDS',
  'S3',
  'SNS',
  'SQS',
  'SSM',
  'SecretsManager',
  'WAFv2',
];

/** Run from the repository's root. */
const models = resolve('engine/models');

class Namespace {
  readonly types: Record<string, unknown> = {};
  readonly definitions: Record<string, unknown> = {};
  readonly #names = new Map<string, string>();

  constructor(readonly db: SpecDatabase) {}

  /** `string`, `[T]` for a list, `{T}` for a map, `@Name` for a definition, `A|B` for either. */
  type(type: PropertyType): string {
    switch (type.type) {
      case 'array':
        return `[${this.type(type.element)}]`;
      case 'map':
        return `{${this.type(type.element)}}`;
      case 'union':
        return [...new Set(type.types.map((each) => this.type(each)))].join('|');
      case 'ref':
        return `@${this.define(this.db.get('typeDefinition', type.reference.$ref))}`;
      default:
        return type.type;
    }
  }

  define(definition: TypeDefinition): string {
    const known = this.#names.get(definition.$id);
    if (known) return known;
    let name = definition.name;
    for (let n = 2; name in this.definitions; n++) name = `${definition.name}${n}`;
    this.#names.set(definition.$id, name);
    // Taken before its properties are looked at: definitions may hold themselves.
    this.definitions[name] = {};
    this.definitions[name] = this.properties(definition.properties);
    return name;
  }

  properties(properties: ResourceProperties): Record<string, unknown> {
    return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, this.property(each)]));
  }

  /** The type behind `!` where required, `*` where a change replaces the resource, `~` where it may; enums in a list. */
  property(property: Property): string | [string, string[]] {
    const change = { yes: '*', maybe: '~', no: '' }[property.causesReplacement ?? 'no'];
    const text = `${property.required ? '!' : ''}${change}${this.type(property.type)}`;
    const values = property.type.type === 'string' ? property.type.allowedValues : undefined;
    return values && values.length > 0 ? [text, [...values]] : text;
  }
}

function main(): void {
  const db = loadAwsServiceSpecSync();
  mkdirSync(join(models, 'resources'), { recursive: true });
  const known: Record<string, string[]> = {};
  const namespaces = new Map(NAMESPACES.map((name) => [name, new Namespace(db)]));
  for (const resource of db.all('resource')) {
    const [vendor = '', service = '', ...rest] = resource.cloudFormationType.split('::');
    const list = known[`${vendor}::${service}`] ?? [];
    known[`${vendor}::${service}`] = list;
    list.push(rest.join('::'));
    const namespace = vendor === 'AWS' ? namespaces.get(service) : undefined;
    if (!namespace) continue;
    namespace.types[resource.cloudFormationType] = {
      properties: namespace.properties(resource.properties),
      attributes: Object.keys(resource.attributes),
      identifier: resource.primaryIdentifier ?? [],
      ...(resource.tagInformation ? { tags: resource.tagInformation.tagPropertyName } : {}),
    };
  }
  for (const [name, { types, definitions }] of namespaces) {
    writeFileSync(join(models, 'resources', `${name}.json`), JSON.stringify({ types, definitions }));
  }
  for (const list of Object.values(known)) list.sort();
  writeFileSync(join(models, 'resources', 'types.json'), JSON.stringify(known));

  const cli = resolve('node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml');
  const template = yamlParse(readFileSync(cli, 'utf8'));
  writeFileSync(join(models, 'cdk-bootstrap.json'), JSON.stringify(template));
}

main();
