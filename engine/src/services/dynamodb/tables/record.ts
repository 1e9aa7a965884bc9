import type {
  AttributeDefinition,
  BillingModeSummary,
  KeySchemaElement,
  OnDemandThroughput,
  Projection,
  ProvisionedThroughputDescription,
  SSEDescription,
  TableClass,
  Tag,
  WarmThroughput,
} from '@aws-sdk/client-dynamodb';

/** A table as it is kept. */
export interface TableRecord {
  name: string;
  id: string;
  arn: string;
  createdAt: Date;
  attributes: AttributeDefinition[];
  keySchema: KeySchemaElement[];
  indexes: IndexRecord[];
  /** Absent for a table that has always been provisioned. */
  billing?: BillingModeSummary;
  throughput: ProvisionedThroughputDescription;
  onDemand?: OnDemandThroughput;
  warm?: WarmThroughput;
  tableClass?: { class: TableClass; changedAt?: Date };
  sse?: SSEDescription;
  deletionProtection: boolean;
  tags: Tag[];
  ttl?: { attribute: string; changedAt: Date };
  /** When time to live was last turned on or off: AWS allows one change an hour. */
  ttlChangedAt?: Date;
  recovery?: { enabledAt: Date; days: number };
}

export interface IndexRecord {
  kind: 'local' | 'global';
  name: string;
  keySchema: KeySchemaElement[];
  projection: Projection;
  throughput?: ProvisionedThroughputDescription;
  onDemand?: OnDemandThroughput;
  warm?: WarmThroughput;
}

export function isOnDemand(table: Pick<TableRecord, 'billing'>): boolean {
  return table.billing?.BillingMode === 'PAY_PER_REQUEST';
}
