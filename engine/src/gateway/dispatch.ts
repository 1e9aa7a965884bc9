import type {
  Access,
  BeyondAnswer,
  BeyondRequest,
  Call,
  Clock,
  HttpContext,
  Ids,
  Input,
  InvokeOptions,
  Needed,
  OperationName,
  Output,
  Parts,
  Principal,
  PrincipalNetwork,
  PrincipalPolicies,
  ResponseOverrides,
  SeenEndpoint,
  Service,
  ServiceName,
  VpcEndpoint,
} from '../kernel';
import { AwsError, notImplemented } from '../kernel';
import { loadModel, validateInput } from '../protocols';
import { services } from '../services/registry';
import type { Database, Store } from '../storage';
import { Authorizer, type IamMode } from './authorize';
import { Endpoints } from './endpoints';

/** A call that is about to be made: who, where, what. */
export interface Request {
  service: ServiceName;
  operation: string;
  input: object;
  principal: Principal;
  account: string;
  region: string;
  requestId: string;
  /** See Call. */
  within?: string | undefined;
  trace?: string | undefined;
  http?: HttpContext;
  response?: ResponseOverrides;
}

export interface DispatcherOptions {
  clock: Clock;
  ids: Ids;
  database: Database;
  parts: () => Parts;
  /** Whether callers are held against their policies; nobody is if left out. */
  iam: IamMode;
  /** Runs after EC2's state has changed. */
  networkChanged?: () => Promise<void>;
  /** Runs before a call that comes in through the door, e.g. to make CDK's bootstrap stack appear. */
  before?: (request: Request) => Promise<void> | undefined;
}

/** Operations of IAM and EC2 that change nothing. */
const READS = /^(Get|List|Simulate|Describe)/;

type AnyOperation = (input: object, call: Call) => object | Promise<object>;

/** Brings a decoded, authenticated call to its operation: the one way in, for requests and for services alike. */
export class Dispatcher {
  readonly #started = new Map<ServiceName, Promise<Map<string, AnyOperation>>>();
  readonly #loaded = new Map<ServiceName, Map<string, AnyOperation>>();
  readonly #beyond = new Map<ServiceName, NonNullable<Service['beyond']>>();
  readonly #stops: (() => void | Promise<void>)[] = [];
  readonly #memo = new Map<string, unknown>();
  readonly #access = new Map<ServiceName, Access<never>>();
  readonly #accountOf = new Map<ServiceName, NonNullable<Service['accountOf']>>();
  readonly #authorizer: Authorizer;
  readonly #endpoints = new Endpoints({
    from: async (network, service) => {
      const { call, ec2 } = await this.#ec2(network);
      return ec2.endpointFor?.(network, service, call);
    },
    named: async (id, account, region) => {
      const { call, ec2 } = await this.#ec2({ account, region });
      return ec2.endpoint?.(id, call);
    },
  });

  constructor(readonly options: DispatcherOptions) {
    this.#authorizer = new Authorizer({
      mode: options.iam,
      policiesOf: (principal) => this.policiesOf(principal),
      endpointOf: (call) => this.#endpoints.of(call),
    });
  }

  /** What IAM says of a principal, now. */
  async policiesOf(principal: Principal): Promise<PrincipalPolicies> {
    const { default: iam } = await services.iam();
    const call = await this.#itself('iam', principal.account, 'us-east-1');
    return iam.policiesOf?.(principal, call) ?? { identity: [], tags: {} };
  }

  /** The interface endpoints of a service, as they look from a place in a VPC. */
  async endpointsFrom(network: PrincipalNetwork, service: string): Promise<SeenEndpoint[]> {
    const { call, ec2 } = await this.#ec2(network);
    return ec2.endpointsFrom?.(network, service, call) ?? [];
  }

  /** A VPC endpoint as it is now. */
  endpoint(id: string, account: string, region: string): Promise<VpcEndpoint | undefined> {
    return this.#endpoints.named(id, account, region);
  }

  async #ec2({ account, region }: { account: string; region: string }) {
    const { default: ec2 } = await services.ec2();
    return { ec2, call: await this.#itself('ec2', account, region) };
  }

  /** A service's call to itself, for what it tells of its state beyond its operations. */
  async #itself(service: ServiceName, account: string, region: string): Promise<Call> {
    await this.#start(service);
    return this.#call({
      service,
      operation: '',
      input: {},
      principal: this.options.parts().identity.servicePrincipal(`${service}.amazonaws.com`, account),
      account,
      region,
      requestId: this.options.ids.uuid(),
    });
  }

  async dispatch(request: Request): Promise<object> {
    const { service, operation } = request;
    const operations = this.#loaded.get(service) ?? (await this.#start(service));
    const model = loadModel(service);
    const described = model.operation(operation);
    const handler = operations.get(operation);
    if (!described || !handler) throw notImplemented(`${service}:${operation}`);
    validateInput(model, described, request.input);
    const account = this.#accountOf.get(service)?.(operation, request.input);
    const call = this.#call(
      account === undefined || account === request.account ? request : { ...request, account },
    );
    await this.#authorizer.check(call, model, this.#access.get(service), request.input);
    const output = await handler(request.input, call);
    // What a principal may do is read again once IAM's state has changed.
    if (service === 'iam' && !READS.test(operation)) this.#authorizer.forget();
    if (service === 'ec2' && !READS.test(operation)) {
      this.#endpoints.forget();
      await this.options.networkChanged?.();
    }
    return output;
  }

  /** Holds the caller of a request that is no operation of a service against its policies. */
  async permit(request: Request, needed: Needed, endpoint?: VpcEndpoint): Promise<void> {
    const access = { [request.operation]: () => needed } as Access<never>;
    const { input, service } = request;
    await this.#authorizer.check(this.#call(request), loadModel(service), access, input, endpoint);
  }

  /** Whether a call of `principal` that is part of `call` would be let through. */
  async may(request: Request, action: string, resource: string): Promise<boolean> {
    return this.#authorizer.allows(this.#call(request), { action, resource });
  }

  /** A request that is no operation: some services answer a few of those. */
  async beyond(request: Request, what: BeyondRequest): Promise<BeyondAnswer | undefined> {
    await this.#start(request.service);
    return this.#beyond.get(request.service)?.(what, this.#call(request));
  }

  /** A host for rooms that make calls of their own, acting as `principal` where a call does not say otherwise. */
  host(
    principal: Principal,
    account: string,
    region: string,
  ): Omit<
    Call,
    'service' | 'operation' | 'requestId' | 'store' | 'accountStore' | 'worldStore' | 'http' | 'response'
  > {
    return new CallScope(this, principal, account, region);
  }

  memo<T>(name: string, make: () => T): T {
    if (!this.#memo.has(name)) this.#memo.set(name, make());
    return this.#memo.get(name) as T;
  }

  /** Services that have been used and hold something that must be ended. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#started.values());
    for (const stop of this.#stops.reverse()) await stop();
  }

  /** Loads and starts a service now, e.g. to bring its servers back after a restart. */
  async wake(service: ServiceName): Promise<void> {
    await this.#start(service);
  }

  #call(request: Request): Call {
    return new OperationCall(this, request);
  }

  #start(name: ServiceName): Promise<Map<string, AnyOperation>> {
    let started = this.#started.get(name);
    if (!started) {
      started = this.#load(name);
      this.#started.set(name, started);
    }
    return started;
  }

  async #load(name: ServiceName): Promise<Map<string, AnyOperation>> {
    const { default: service } = (await services[name]()) as { default: Service };
    const { database } = this.options;
    const host = this.host(
      this.options.parts().identity.servicePrincipal(`${name}.amazonaws.com`, '000000000000'),
      '000000000000',
      'us-east-1',
    );
    if (service.stop) this.#stops.push(() => service.stop?.(host));
    if (service.access) this.#access.set(name, (await service.access()) as Access<never>);
    if (service.accountOf) this.#accountOf.set(name, service.accountOf);
    if (service.beyond) this.#beyond.set(name, service.beyond.bind(service));
    await service.start?.(host, {
      of: (account, region) => database.store(name, account, region),
      scopes: () => database.scopes(name),
    });
    const operations = new Map(Object.entries(service.operations)) as Map<string, AnyOperation>;
    this.#loaded.set(name, operations);
    return operations;
  }
}

/** What is the same for every call of one caller in one place. */
class CallScope {
  readonly clock: Clock;
  readonly ids: Ids;

  constructor(
    readonly dispatcher: Dispatcher,
    readonly principal: Principal,
    readonly account: string,
    readonly region: string,
  ) {
    this.clock = dispatcher.options.clock;
    this.ids = dispatcher.options.ids;
  }

  get parts(): Parts {
    return this.dispatcher.options.parts();
  }

  /** Who makes inner calls that do not say otherwise. */
  protected get caller(): Principal {
    return this.principal;
  }

  /** What inner calls say of where they come from. */
  protected get origin(): { within?: string | undefined; trace?: string | undefined } {
    return {};
  }

  memo<T>(name: string, make: () => T): T {
    return this.dispatcher.memo(name, make);
  }

  may(principal: Principal, action: string, resource: string): Promise<boolean> {
    const { account, region, origin, ids } = this;
    const request = { service: 'iam' as const, operation: '', input: {}, principal, account, region };
    return this.dispatcher.may({ ...request, requestId: ids.uuid(), ...origin }, action, resource);
  }

  async invoke<S extends ServiceName, O extends OperationName<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
    options: InvokeOptions = {},
  ): Promise<Output<S, O>> {
    const output = await this.dispatcher.dispatch({
      service,
      operation,
      input: input as object,
      principal: options.as ?? this.caller,
      account: options.account ?? this.account,
      region: options.region ?? this.region,
      requestId: options.requestId ?? this.ids.uuid(),
      ...this.origin,
      ...(options.trace === undefined ? {} : { trace: options.trace }),
    });
    // The dispatcher handles all operations alike; this one's output type is the operation's by construction.
    return output as Output<S, O>;
  }
}

class OperationCall extends CallScope implements Call {
  readonly service: string;
  readonly operation: string;
  readonly requestId: string;
  readonly within: string | undefined;
  readonly trace: string | undefined;
  readonly http: HttpContext | undefined;
  readonly response: ResponseOverrides;
  #store: Store | undefined;

  constructor(dispatcher: Dispatcher, request: Request) {
    super(dispatcher, request.principal, request.account, request.region);
    this.service = request.service;
    this.operation = request.operation;
    this.requestId = request.requestId;
    this.within = request.within;
    this.trace = request.trace ?? request.http?.headers['x-amzn-trace-id'];
    this.http = request.http;
    this.response = request.response ?? { headers: {} };
  }

  /** The caller still, by way of this service. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html */
  protected override get caller(): Principal {
    const { principal } = this;
    if (principal.type === 'service' || principal.type === 'anonymous') return principal;
    return { ...principal, calledVia: [...(principal.calledVia ?? []), `${this.service}.amazonaws.com`] };
  }

  protected override get origin() {
    return { within: this.within ?? this.requestId, trace: this.trace };
  }

  get store(): Store {
    this.#store ??= this.#open(this.account, this.region);
    return this.#store;
  }

  get accountStore(): Store {
    return this.#open(this.account, '-');
  }

  get worldStore(): Store {
    return this.#open('-', '-');
  }

  #open(account: string, region: string): Store {
    return this.dispatcher.options.database.store(this.service, account, region);
  }
}

/** What a failure says to the outside: AWS errors as they are, anything else without its text. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return new AwsError(
    'InternalFailure',
    'The request processing has failed because of an unknown error, exception or failure.',
    { status: 500 },
  );
}
