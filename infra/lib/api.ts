import { Duration } from 'aws-cdk-lib';
import { Cors, EndpointType, LambdaIntegration, type Resource, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { BY_HOLDER } from '../../app/shared/tickets';
import type { Data } from './data';
import { databaseEnvironment, showsEnvironment, ticketsEnvironment } from './environment';
import { Handler } from './handler';
import type { Migration } from './migration';
import { accept } from './nag';
import type { Network } from './network';

interface ApiProps {
  network: Network;
  data: Data;
  migration: Migration;
}

/** The REST API. All of it lies below /api, so that the site can hand that path over as it is. */
export class Api extends Construct {
  readonly restApi: RestApi;
  readonly #props: ApiProps;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.#props = props;
    this.restApi = new RestApi(this, 'RestApi', {
      restApiName: 'theatre',
      description: 'Shows, tickets and venues',
      endpointTypes: [EndpointType.REGIONAL],
      deployOptions: { stageName: 'v1', tracingEnabled: true },
      cloudWatchRole: false,
    });
    const api = this.restApi.root.addResource('api');
    this.#shows(api.addResource('shows'));
    this.#tickets(api.addResource('tickets'));
    this.#info(api.addResource('info'));
    this.#accept();
  }

  #shows(collection: Resource): void {
    const { data } = this.#props;
    const environment = showsEnvironment(data);
    const address = data.cache.address.parameterArn;
    const list = this.#handler('ListShows', 'list-shows', environment);
    list.may(data.shows.tableArn, 'dynamodb:Scan').may(address, 'ssm:GetParameter');
    const get = this.#handler('GetShow', 'get-show', environment);
    get.may(data.shows.tableArn, 'dynamodb:GetItem').may(address, 'ssm:GetParameter');
    this.#serve(collection, { GET: list });
    this.#serve(collection.addResource('{id}'), { GET: get });
  }

  #tickets(collection: Resource): void {
    const { data } = this.#props;
    const address = data.cache.address.parameterArn;
    const selling = { ...showsEnvironment(data), ...ticketsEnvironment(data) };
    const buy = this.#handler('BuyTicket', 'buy-ticket', selling);
    buy.may(data.shows.tableArn, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    buy.may(data.tickets.tableArn, 'dynamodb:GetItem', 'dynamodb:PutItem');
    buy.may(address, 'ssm:GetParameter');
    const list = this.#handler('ListTickets', 'list-tickets', ticketsEnvironment(data));
    list.may(`${data.tickets.tableArn}/index/${BY_HOLDER}`, 'dynamodb:Query');
    const giveBack = this.#handler('ReturnTicket', 'return-ticket', selling);
    giveBack.may(data.shows.tableArn, 'dynamodb:UpdateItem');
    giveBack.may(data.tickets.tableArn, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    giveBack.may(address, 'ssm:GetParameter');
    this.#serve(collection, { GET: list, POST: buy });
    this.#serve(collection.addResource('{id}'), { DELETE: giveBack });
  }

  #info(resource: Resource): void {
    const { data, migration } = this.#props;
    const get = this.#handler('GetInfo', 'get-info', databaseEnvironment(data));
    get.may(data.database.secret.secretArn, 'secretsmanager:GetSecretValue');
    // New code meets the tables it was written for.
    get.node.addDependency(migration.resource);
    this.#serve(resource, { GET: get });
  }

  #handler(id: string, name: string, environment: Record<string, string>): Handler {
    return new Handler(this, id, { name, network: this.#props.network, environment });
  }

  #serve(resource: Resource, handlers: Record<string, Handler>): void {
    for (const [method, handler] of Object.entries(handlers)) {
      resource.addMethod(method, new LambdaIntegration(handler, { allowTestInvoke: false }));
    }
    resource.addCorsPreflight({
      allowOrigins: Cors.ALL_ORIGINS,
      allowMethods: Object.keys(handlers),
      allowHeaders: ['Content-Type', 'Idempotency-Key'],
      maxAge: Duration.hours(1),
    });
  }

  #accept(): void {
    accept(this.restApi, {
      'AwsSolutions-APIG1':
        'Every function logs its requests with the request id; a second log would repeat it.',
      'AwsSolutions-APIG2':
        'The functions validate with the schema that their types come from, and say what is wrong.',
      'AwsSolutions-APIG3': 'A demo: no web ACL.',
      'AwsSolutions-APIG4': 'A box office is open to everybody; there is nothing to log in to.',
      'AwsSolutions-APIG6':
        'Every function logs its requests with the request id; a second log would repeat it.',
      'AwsSolutions-COG4': 'A box office is open to everybody; there is nothing to log in to.',
    });
  }
}
