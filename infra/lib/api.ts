import { Duration } from 'aws-cdk-lib';
import {
  type IApiKey,
  LambdaIntegration,
  type MethodOptions,
  type Resource,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { BY_HOLDER } from '../../app/shared/tickets';
import type { Data } from './data';
import { databaseEnvironment, showsEnvironment, ticketsEnvironment } from './environment';
import type { Gateway } from './gateway';
import { Handler } from './handler';
import { Leaflets } from './leaflets';
import type { Migration } from './migration';
import type { Network } from './network';
import { partnersPlan } from './partners';
import { takesPurchase } from './purchase-model';
import { refuseAsProblems } from './refusals';
import { LEAFLETS, type Site } from './site';

interface ApiProps {
  gateway: Gateway;
  site: Site;
  network: Network;
  data: Data;
  migration: Migration;
}

/** Of the query: what the caller last changed. Under it nothing older is in the stage’s cache. */
const AFTER = 'method.request.querystring.after';

/** What the API serves. All of it lies below /api, so that the site can hand that path over as it is. */
export class Api extends Construct {
  readonly partnersKey: IApiKey;
  readonly #props: ApiProps;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.#props = props;
    const { restApi } = props.gateway;
    const api = restApi.root.addResource('api');
    this.#shows(api.addResource('shows'), api.addResource('partners').addResource('shows'));
    this.#tickets(api.addResource('tickets'));
    this.#info(api.addResource('info'));
    refuseAsProblems(restApi, props.site.origin);
    this.partnersKey = partnersPlan(restApi);
  }

  #shows(collection: Resource, forPartners: Resource): void {
    const { data } = this.#props;
    const environment = showsEnvironment(data);
    const address = data.cache.address.parameterArn;
    const list = this.#handler('ListShows', 'list-shows', environment);
    list.may(data.shows.tableArn, 'dynamodb:Scan').may(address, 'ssm:GetParameter');
    const get = this.#handler('GetShow', 'get-show', environment);
    get.may(data.shows.tableArn, 'dynamodb:GetItem').may(address, 'ssm:GetParameter');
    this.#serve(collection, { GET: cached(list, AFTER) });
    this.#serve(collection.addResource('{id}'), { GET: cached(get, 'method.request.path.id', AFTER) });
    // Asked for by servers: browsers elsewhere have no business here.
    add(forPartners, 'GET', { handler: list, options: { apiKeyRequired: true } });
  }

  #tickets(collection: Resource): void {
    const { data, gateway } = this.#props;
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
    const options = takesPurchase(this, gateway.restApi);
    this.#serve(collection, { GET: { handler: list }, POST: { handler: buy, options } });
    this.#serve(collection.addResource('{id}'), { DELETE: { handler: giveBack } });
  }

  #info(resource: Resource): void {
    const { data, migration, site } = this.#props;
    const get = this.#handler('GetInfo', 'get-info', databaseEnvironment(data));
    get.may(data.database.secret.secretArn, 'secretsmanager:GetSecretValue');
    // New code meets the tables it was written for.
    get.node.addDependency(migration.resource);
    this.#serve(resource, { GET: { handler: get } });
    const leaflets = new Leaflets(this, 'Leaflets', {
      bucket: site.bucket,
      prefix: LEAFLETS,
      siteOrigin: site.origin,
    });
    const all = resource.addResource('static');
    leaflets.serve(all, 'index.json');
    leaflets.serve(all.addResource('{file}'));
  }

  #handler(id: string, name: string, environment: Record<string, string>): Handler {
    const { network, site } = this.#props;
    return new Handler(this, id, {
      name,
      network,
      environment: { ...environment, SITE_ORIGIN: site.origin },
    });
  }

  #serve(resource: Resource, methods: Record<string, Served>): void {
    for (const [method, served] of Object.entries(methods)) add(resource, method, served);
    resource.addCorsPreflight({
      allowOrigins: [this.#props.site.origin],
      allowMethods: Object.keys(methods),
      allowHeaders: ['Content-Type', 'Idempotency-Key'],
      maxAge: Duration.hours(1),
    });
  }
}

/** A method: the function behind it, and what tells one answer from another where answers are cached. */
interface Served {
  handler: Handler;
  options?: MethodOptions;
  cacheKeyParameters?: string[];
}

/** Answers to requests with the same values of these are the same. */
function cached(handler: Handler, ...cacheKeyParameters: string[]): Served {
  const requestParameters = Object.fromEntries(
    cacheKeyParameters.map((name) => [name, name.includes('.path.')]),
  );
  return { handler, cacheKeyParameters, options: { requestParameters } };
}

function add(resource: Resource, method: string, { handler, options, cacheKeyParameters }: Served): void {
  const integration = new LambdaIntegration(handler, {
    allowTestInvoke: false,
    ...(cacheKeyParameters ? { cacheKeyParameters } : {}),
  });
  resource.addMethod(method, integration, options);
}
