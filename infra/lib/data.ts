import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { BY_HOLDER } from '../../app/shared/tickets';
import { Cache } from './cache';
import { Database } from './database';
import type { Network } from './network';

/** What the theatre remembers: shows and tickets, venues, and a cache in front of the shows. */
export class Data extends Construct {
  readonly shows: Table;
  readonly tickets: Table;
  readonly database: Database;
  readonly cache: Cache;

  constructor(scope: Construct, id: string, { network }: { network: Network }) {
    super(scope, id);
    this.shows = this.#table('Shows');
    this.tickets = this.#table('Tickets');
    // Sparse: only tickets that somebody holds have the attribute `heldBy`.
    this.tickets.addGlobalSecondaryIndex({
      indexName: BY_HOLDER,
      partitionKey: { name: 'heldBy', type: AttributeType.STRING },
      sortKey: { name: 'boughtAt', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.database = new Database(this, 'Database', { network });
    this.cache = new Cache(this, 'Cache', { network });
  }

  #table(id: string): Table {
    return new Table(this, id, {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.DEFAULT,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // A demo: what `destroy` leaves behind would be in the way of the next `deploy`.
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
