/**
 * Writes engine/models/<service>.json and index.json from the schemas that the installed AWS SDK clients export,
 * merged with the constraints (lengths, ranges, patterns, enums, required members) of botocore's data, which the
 * SDK's schemas leave out. Run: npx tsx engine/scripts/generate-models.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve as resolvePath } from 'node:path';
import type { ModelJson, ProtocolName, ServiceJson } from '../src/protocols/model-json';
import { botocoreData, botoModel } from './models/constraints';
import { Extractor, operationJson } from './models/extract';
import { type Source, sources } from './models/services';

const PROTOCOLS: Record<string, ProtocolName> = {
  'aws.protocols#awsJson1_0': 'awsJson1_0',
  'aws.protocols#awsJson1_1': 'awsJson1_1',
  'aws.protocols#restJson1': 'restJson1',
  'aws.protocols#restXml': 'restXml',
  'aws.protocols#awsQuery': 'awsQuery',
  'aws.protocols#ec2Query': 'ec2Query',
  'smithy.protocols#rpcv2Cbor': 'rpcv2Cbor',
};

/** What AWS still answers beside what today's SDK speaks. */
const ALSO: Record<string, ProtocolName[]> = { sqs: ['awsQuery'], cloudwatch: ['rpcv2Cbor', 'awsQuery'] };

interface ClientConfig {
  apiVersion: string;
  serviceId: string;
  protocol: { getShapeId(): string };
  protocolSettings: {
    defaultNamespace: string;
    xmlNamespace?: string;
    serviceTarget: string;
    awsQueryCompatible?: boolean;
  };
}

type Static = [number, string, string, unknown, unknown, unknown];

function generate(source: Source, data: string, load: NodeJS.Require): ModelJson {
  const sdk = load(source.package) as Record<string, unknown>;
  const Client = sdk[source.client] as new (options: object) => { config: ClientConfig };
  const { config } = new Client({ region: 'us-east-1' });
  const settings = config.protocolSettings;
  const protocol = PROTOCOLS[config.protocol.getShapeId()];
  if (!protocol) throw new Error(`${source.name}: unknown protocol ${config.protocol.getShapeId()}`);
  const boto = botoModel(data, source.botocore);
  const extractor = new Extractor(boto);
  const schemas = Object.values(sdk).filter((value): value is Static => Array.isArray(value));
  const operations = schemas
    .filter((schema) => schema[0] === 9)
    .sort((a, b) => (a[2] < b[2] ? -1 : 1))
    .map((schema) => [schema[2], operationJson(extractor, schema, source.name === 's3')] as const);
  const errors = schemas
    .filter((schema) => schema[0] === -3 && schema[1] === settings.defaultNamespace)
    .map((schema) => extractor.shape(schema, boto.shapes[schema[2]] ? schema[2] : undefined))
    .sort();
  return {
    protocols: [protocol, ...(ALSO[source.name] ?? [])],
    serviceId: config.serviceId,
    signingName: boto.metadata.signingName ?? boto.metadata.endpointPrefix,
    endpointPrefix: boto.metadata.endpointPrefix,
    apiVersion: config.apiVersion,
    targetPrefix: settings.serviceTarget,
    namespace: settings.defaultNamespace,
    ...(settings.xmlNamespace ? { xmlNamespace: settings.xmlNamespace } : {}),
    ...(settings.awsQueryCompatible ? { queryCompatible: 1 as const } : {}),
    operations: Object.fromEntries(operations),
    errors,
    shapes: extractor.shapes,
  };
}

const models = resolvePath(dirname(process.argv[1] ?? ''), '..', 'models');
mkdirSync(models, { recursive: true });
const data = botocoreData();
const load = createRequire(join(models, 'noop.js'));
const index: Record<string, ServiceJson> = {};
for (const source of sources) {
  const model = generate(source, data, load);
  const { protocols, serviceId, signingName, endpointPrefix, apiVersion, targetPrefix } = model;
  index[source.name] = { protocols, serviceId, signingName, endpointPrefix, apiVersion, targetPrefix };
  const text = JSON.stringify(model);
  writeFileSync(join(models, `${source.name}.json`), `${text}\n`);
  process.stdout.write(
    `${source.name}: ${Object.keys(model.operations).length} operations, ${Math.round(text.length / 1024)} KB\n`,
  );
}
writeFileSync(join(models, 'index.json'), `${JSON.stringify(index, undefined, 1)}\n`);
