import type {
  AttributeDefinition,
  BillingMode,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
  OnDemandThroughput,
  PointInTimeRecoverySpecification,
  ProvisionedThroughput,
  SSEType,
  TableClass,
  Tag,
  TimeToLiveSpecification,
  WarmThroughput,
} from '@aws-sdk/client-dynamodb';

/** Numbers may stand in a template as strings. */
export type Numeric<T> = {
  [K in keyof T]: T[K] extends number | undefined ? number | string | undefined : T[K];
};

export interface IndexProperties
  extends Omit<GlobalSecondaryIndex, 'ProvisionedThroughput' | 'OnDemandThroughput' | 'WarmThroughput'> {
  ProvisionedThroughput?: Numeric<ProvisionedThroughput>;
  OnDemandThroughput?: Numeric<OnDemandThroughput>;
  WarmThroughput?: Numeric<WarmThroughput>;
}

/** AWS::DynamoDB::Table, as far as it is implemented. */
export interface TableProperties {
  TableName?: string;
  AttributeDefinitions?: AttributeDefinition[];
  KeySchema: KeySchemaElement[];
  BillingMode?: BillingMode;
  ProvisionedThroughput?: Numeric<ProvisionedThroughput>;
  OnDemandThroughput?: Numeric<OnDemandThroughput>;
  WarmThroughput?: Numeric<WarmThroughput>;
  GlobalSecondaryIndexes?: IndexProperties[];
  LocalSecondaryIndexes?: LocalSecondaryIndex[];
  DeletionProtectionEnabled?: boolean;
  PointInTimeRecoverySpecification?: PointInTimeRecoverySpecification;
  SSESpecification?: { SSEEnabled: boolean; SSEType?: SSEType; KMSMasterKeyId?: string };
  TableClass?: TableClass;
  Tags?: Tag[];
  TimeToLiveSpecification?: TimeToLiveSpecification;
}

export function numbers<T extends object>(given: T | undefined): { [K in keyof T]: number } | undefined {
  if (!given) return undefined;
  const entries = Object.entries(given).map(([name, value]) => [name, Number(value)]);
  return Object.fromEntries(entries) as { [K in keyof T]: number };
}

export function indexes(given: IndexProperties[] | undefined): GlobalSecondaryIndex[] | undefined {
  return given?.map(({ ProvisionedThroughput, OnDemandThroughput, WarmThroughput, ...rest }) => ({
    ...rest,
    ...(ProvisionedThroughput && {
      ProvisionedThroughput: numbers(ProvisionedThroughput) as ProvisionedThroughput,
    }),
    ...(OnDemandThroughput && { OnDemandThroughput: numbers(OnDemandThroughput) }),
    ...(WarmThroughput && { WarmThroughput: numbers(WarmThroughput) }),
  }));
}

export function encryption(given: TableProperties['SSESpecification']) {
  if (!given) return undefined;
  const { SSEEnabled: Enabled, ...rest } = given;
  return { Enabled, ...rest };
}
