import type {
  AttributeDefinition,
  BillingMode,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
  Projection,
} from '@aws-sdk/client-dynamodb';
import { notImplemented } from '../../../kernel';
import { invalid, invalidParameter } from '../errors';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const MAX_LOCAL = 5;
const MAX_GLOBAL = 20;
const MAX_PROJECTED = 100;

export interface SchemaRequest {
  AttributeDefinitions?: AttributeDefinition[] | undefined;
  KeySchema?: KeySchemaElement[] | undefined;
  LocalSecondaryIndexes?: LocalSecondaryIndex[] | undefined;
  GlobalSecondaryIndexes?: GlobalSecondaryIndex[] | undefined;
}

/** Checks the keys and indexes of a new table, in the order in which AWS finds fault with them. */
export function checkSchema(request: SchemaRequest, mode: BillingMode): void {
  const definitions = (request.AttributeDefinitions ?? []).map((each) => each.AttributeName ?? '');
  const schema = request.KeySchema ?? [];
  checkTableKeys(schema, definitions);
  const { LocalSecondaryIndexes: locals, GlobalSecondaryIndexes: globals } = request;
  if (!locals && !globals && new Set(definitions).size !== schema.length) {
    throw invalidParameter(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
  const seen = new Set<string>();
  if (locals) checkLocals(locals, schema, definitions, seen);
  if (globals) checkGlobals(globals, definitions, mode, seen);
  checkProjectedCount([...(locals ?? []), ...(globals ?? [])]);
  checkAllUsed(request, definitions);
}

function checkTableKeys(schema: KeySchemaElement[], definitions: string[]): void {
  const keys = namesIn(schema);
  if (schema.length > 2) {
    const shown = schema.map(
      (each) => `KeySchemaElement(attributeName=${each.AttributeName}, keyType=${each.KeyType})`,
    );
    throw invalid(
      `1 validation error detected: Value '[${shown.join(', ')}]' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2`,
    );
  }
  if (keys.length > definitions.length) {
    throw invalid('Invalid KeySchema: Some index key attribute have no definition');
  }
  checkKeys(schema, definitions);
}

function checkKeys(schema: KeySchemaElement[], definitions: string[]): void {
  const keys = namesIn(schema);
  if (keys.some((key) => !definitions.includes(key))) {
    throw invalidParameter(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys.join(', ')}], AttributeDefinitions: [${definitions.join(', ')}]`,
    );
  }
  if (keys.length === 2 && keys[0] === keys[1]) {
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (schema[0]?.KeyType !== 'HASH') {
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (schema[1] && schema[1].KeyType !== 'RANGE') {
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
}

function checkLocals(
  locals: LocalSecondaryIndex[],
  tableSchema: KeySchemaElement[],
  definitions: string[],
  seen: Set<string>,
): void {
  if (locals.length === 0) throw invalidParameter('List of LocalSecondaryIndexes is empty');
  if (tableSchema.length !== 2) {
    throw invalidParameter(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  }
  const tableHash = tableSchema[0]?.AttributeName;
  for (const { IndexName = '', KeySchema = [], Projection: projection } of locals) {
    checkKeys(KeySchema, definitions);
    if (KeySchema.length !== 2) {
      throw invalidParameter(`Index KeySchema does not have a range key for index: ${IndexName}`);
    }
    const hash = KeySchema[0]?.AttributeName;
    if (hash !== tableHash) {
      throw invalidParameter(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${IndexName}. index hash key: ${hash}, table hash key: ${tableHash}`,
      );
    }
    checkProjection(projection);
    checkName(IndexName, seen);
  }
  if (locals.length > MAX_LOCAL) {
    throw invalidParameter('Number of LocalSecondaryIndexes exceeds per-table limit of 5');
  }
}

function checkGlobals(
  globals: GlobalSecondaryIndex[],
  definitions: string[],
  mode: BillingMode,
  seen: Set<string>,
): void {
  if (globals.length === 0) throw invalidParameter('List of GlobalSecondaryIndexes is empty');
  for (const index of globals) {
    checkGlobal(index, definitions, mode);
    checkName(index.IndexName ?? '', seen);
  }
  if (globals.length > MAX_GLOBAL) {
    throw invalidParameter('GlobalSecondaryIndex count exceeds the per-table limit of 20');
  }
}

/** Checks one global index, for CreateTable and UpdateTable alike. */
export function checkGlobal(index: GlobalSecondaryIndex, definitions: string[], mode: BillingMode): void {
  const { IndexName, KeySchema = [], ProvisionedThroughput } = index;
  if (KeySchema.length > 2) {
    throw notImplemented(
      'DynamoDB global secondary indexes with more than one partition or sort key attribute',
    );
  }
  checkKeys(KeySchema, definitions);
  checkProjection(index.Projection);
  if (mode === 'PAY_PER_REQUEST') {
    if (!ProvisionedThroughput) return;
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${IndexName} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (!ProvisionedThroughput) {
    throw invalidParameter(`ProvisionedThroughput must be specified for index: ${IndexName}`);
  }
}

function checkProjection(projection: Projection | undefined): void {
  const type = projection?.ProjectionType;
  if (type === undefined) throw invalidParameter('Unknown ProjectionType: null');
  const names = projection?.NonKeyAttributes;
  if (type === 'INCLUDE' && !names) {
    throw invalidParameter('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  }
  if (type !== 'INCLUDE' && names) {
    throw invalidParameter(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
}

function checkName(name: string, seen: Set<string>): void {
  if (seen.has(name)) throw invalidParameter(`Duplicate index name: ${name}`);
  seen.add(name);
}

function checkProjectedCount(indexes: { Projection: Projection | undefined }[]): void {
  const count = indexes.reduce((sum, index) => sum + (index.Projection?.NonKeyAttributes?.length ?? 0), 0);
  if (count > MAX_PROJECTED) {
    throw invalidParameter(
      `Number of projected attributes in all indexes exceeds per-table limit of ${MAX_PROJECTED}`,
    );
  }
}

function checkAllUsed(request: SchemaRequest, definitions: string[]): void {
  const indexes = [...(request.LocalSecondaryIndexes ?? []), ...(request.GlobalSecondaryIndexes ?? [])];
  const used = new Set(
    namesIn([...(request.KeySchema ?? []), ...indexes.flatMap((each) => each.KeySchema ?? [])]),
  );
  if (definitions.some((name) => !used.has(name))) {
    throw invalidParameter(
      `Some AttributeDefinitions are not used. AttributeDefinitions: [${definitions.join(', ')}], keys used: [${[...used].join(', ')}]`,
    );
  }
}

function namesIn(schema: KeySchemaElement[]): string[] {
  return schema.map((element) => element.AttributeName ?? '');
}
