import type { OnDemandThroughput } from '@aws-sdk/client-dynamodb';
import {
  defineResource,
  type ExistingResource,
  notImplemented,
  type ResourceContext,
  type UpdatingResource,
} from '../../../kernel';
import { createTable, deleteTable, updateTable } from './manage';
import type { Numeric, TableProperties } from './properties';

interface Replica
  extends Pick<
    TableProperties,
    'DeletionProtectionEnabled' | 'PointInTimeRecoverySpecification' | 'TableClass' | 'Tags'
  > {
  Region: string;
  ReadOnDemandThroughputSettings?: Numeric<Pick<OnDemandThroughput, 'MaxReadRequestUnits'>>;
  SSESpecification?: { KMSMasterKeyId: string };
}

interface GlobalTableProperties
  extends Omit<
    TableProperties,
    | 'DeletionProtectionEnabled'
    | 'PointInTimeRecoverySpecification'
    | 'TableClass'
    | 'Tags'
    | 'ProvisionedThroughput'
    | 'OnDemandThroughput'
  > {
  Replicas: Replica[];
  WriteOnDemandThroughputSettings?: Numeric<Pick<OnDemandThroughput, 'MaxWriteRequestUnits'>>;
}

/**
 * A global table with one replica, which is what CDK's TableV2 makes unless told otherwise: a table.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-globaltable.html
 */
export const globalTable = defineResource<GlobalTableProperties>({
  type: 'AWS::DynamoDB::GlobalTable',
  properties: {
    TableName: true,
    AttributeDefinitions: true,
    KeySchema: true,
    BillingMode: true,
    GlobalSecondaryIndexes: { IndexName: true, KeySchema: true, Projection: true, WarmThroughput: true },
    LocalSecondaryIndexes: true,
    SSESpecification: true,
    TimeToLiveSpecification: true,
    WarmThroughput: true,
    WriteOnDemandThroughputSettings: true,
    Replicas: {
      Region: true,
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: true,
      ReadOnDemandThroughputSettings: true,
      SSESpecification: true,
      TableClass: true,
      Tags: true,
    },
  },
  create: (resource) => createTable(asTable(resource)),
  update: (resource) => updateTable(asUpdatedTable(resource)),
  delete: (resource) => deleteTable(asExistingTable(resource)),
});

function asTable(resource: ResourceContext<GlobalTableProperties>): ResourceContext<TableProperties> {
  const properties = tableProperties(resource.properties, resource.call.region);
  return { ...resource, name: (options) => resource.name(options), properties };
}

function asExistingTable(
  resource: ExistingResource<GlobalTableProperties>,
): ExistingResource<TableProperties> {
  const { physicalId, attributes } = resource;
  return { ...asTable(resource), physicalId, attributes };
}

function asUpdatedTable(
  resource: UpdatingResource<GlobalTableProperties>,
): UpdatingResource<TableProperties> {
  const previous = tableProperties(resource.previous, resource.call.region);
  return { ...asExistingTable(resource), previous };
}

function tableProperties(given: GlobalTableProperties, region: string): TableProperties {
  const { Replicas, WriteOnDemandThroughputSettings, SSESpecification, ...plain } = given;
  const [replica, ...others] = Replicas;
  if (!replica || replica.Region !== region || others.length > 0) {
    throw notImplemented('AWS::DynamoDB::GlobalTable Replicas in other regions');
  }
  const { ReadOnDemandThroughputSettings: read, Region: _here, SSESpecification: key, ...own } = replica;
  const onDemand = { ...read, ...WriteOnDemandThroughputSettings };
  return {
    ...plain,
    ...own,
    // Unlike a table's, a global table's billing mode is on-demand only where it says so too.
    ...(Object.keys(onDemand).length > 0 && { OnDemandThroughput: onDemand }),
    ...(SSESpecification && { SSESpecification: { ...SSESpecification, ...key } }),
  };
}
