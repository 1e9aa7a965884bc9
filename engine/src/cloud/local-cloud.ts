import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Edge } from '../edge';
import type { handleExecuteApi } from '../execute-api';
import { tellOfMissing } from '../execute-api/truststores/told';
import { type EnvironmentLimits, LambdaEnvironments } from '../functions';
import type { IamMode } from '../gateway/authorize';
import { AwsRequests } from '../gateway/aws-request';
import { flatHeaders, readBody } from '../gateway/body';
import { Callers } from '../gateway/callers';
import { claimedCredentials } from '../gateway/credentials';
import { Dispatcher } from '../gateway/dispatch';
import { Door } from '../gateway/door';
import { type ListenAddress, Listener } from '../gateway/listener';
import { route } from '../gateway/route';
import { DEFAULT_ACCOUNT, KeyRing } from '../identity';

import { Decided } from '../identity/decisions/decided';
import { DecisionLog } from '../identity/decisions/decision-log';
import { Uses } from '../identity/decisions/uses';

import { type JwksAddresses, keysAtAddresses, tokenIssuers } from '../identity/tokens/issuers';

import type { Clock, Host, Ids, Parts, ServiceName } from '../kernel';
import { randomIds, systemClock } from '../kernel';
import { NameTable, VpcDoors } from '../network';
import type { Authority } from '../network/authority';
import { EventStream } from '../observe';
import { LocalServers } from '../servers';
import { type Database, FileBlobs } from '../storage';
import { handleCustomResourceResponse } from '../templates/custom-resource-responses';
import { bootstrapBefore } from './bootstrap';
import { type Conventions, PLAIN } from './conventions';
import { endpoints } from './endpoints';
import { forgetState } from './forget';
import { InternalEndpoints } from './internal-endpoints';
import type { LifeCycle } from './localstack-endpoints';
import { checkEnabled } from './service-list';
import { openState, StateFolder } from './state-folder';

export interface CloudOptions {
  /** Port of 127.0.0.1; 0 (the default) takes any free one. */
  port?: number;
  /** Addresses to listen on instead. Functions need 127.0.0.1 to be among them, or an address that stands for all. */
  listen?: readonly [ListenAddress, ...ListenAddress[]];
  /** Where database servers and sites are to be reached; on loopback, on any port, if left out. */
  external?: ExternalPorts;
  /** Name, and port, that URLs carry for those who ask from inside. */
  publicHost?: { host: string; port?: number };
  environmentLimits?: EnvironmentLimits;
  /** Where the engine stands in for LocalStack. */
  conventions?: Conventions;
  /** Folder for the state; without one the state is temporary and goes when the engine stops. */
  stateDirectory?: string;
  clock?: Clock;
  ids?: Ids;
  /** Whether callers are held against their policies: 'enforce' if left out. */
  iam?: IamMode;
  /** Where the keys are of token issuers that are not of this engine: a user pool on AWS. */
  jwks?: JwksAddresses;
}

/** Milliseconds. */
const SWEEP_AFTER = 2000;

/** An address of this machine and few ports of it, of which others know: a container can publish only those. */
export interface ExternalPorts {
  host: string;
  postgres: readonly number[];
  valkey: readonly number[];
  sites: readonly number[];
}

/** Sites of an engine that keeps its state are found where they were, from here on. */
const SITE_PORTS = Array.from({ length: 100 }, (_, offset) => 4600 + offset);

/** Services that may hold servers, listeners or schedules which must be there again after a restart. */
const WAKE_AT_START: readonly ServiceName[] = ['rds', 'elasticache', 'cloudfront', 'secretsmanager'];

/** The embedded AWS: composes all rooms, and is the only one that knows them all. */
export class LocalCloud {
  readonly #listener: Listener;
  readonly #aws: AwsRequests;
  readonly #internal: InternalEndpoints;
  /** Loaded with the first request to an API: it is a third of the engine's code. */
  #finishSweep: () => Promise<void> = async () => {};
  #executeApi: typeof handleExecuteApi | undefined;
  /** For what comes to APIs, which is much. */
  readonly #host: Host;

  private constructor(
    readonly port: number,
    readonly folder: StateFolder,
    readonly database: Database,
    readonly dispatcher: Dispatcher,
    readonly events: EventStream,
    readonly decisions: DecisionLog,
    readonly parts: Parts,
    readonly edge: Edge,
    readonly environments: LambdaEnvironments,
    readonly servers: LocalServers,
    readonly doors: VpcDoors,
    /** Whether the ports of servers and sites are few that may lead in from outside. */
    readonly external: boolean,
    listener: Listener,
    lifeCycle: LifeCycle,
    conventions: Conventions,
  ) {
    this.#listener = listener;
    this.#aws = new AwsRequests(dispatcher, events);
    this.#host = this.host();
    this.#internal = new InternalEndpoints(this, lifeCycle, conventions);
  }

  static async start(
    options: CloudOptions & { onStopRequested?: () => void; onRestartRequested?: () => void } = {},
  ): Promise<LocalCloud> {
    const clock = options.clock ?? systemClock;
    const ids = options.ids ?? randomIds;
    const folder = options.stateDirectory
      ? StateFolder.take(options.stateDirectory)
      : await StateFolder.temporary();
    // The listener comes first: a port that is taken must leave no trace. What it hands on waits for the cloud.
    let cloud: LocalCloud | undefined;
    let authority: Promise<Authority> | undefined;
    const caDirectory = folder.path;
    const openAuthority = () => {
      authority ??= import('../network/authority').then(({ Authority }) => Authority.open(caDirectory));
      return authority;
    };
    const listener = new Listener(
      (request, response) => void cloud?.handle(request, response),
      openAuthority,
      {
        asked: async (name) =>
          cloud !== undefined &&
          (await import('../execute-api/domains/custom-domain')).asksForCertificate(cloud.host(), name),
        missing: (name) => cloud && tellOfMissing(cloud.host(), name),
      },
    );
    let database: Database | undefined;
    try {
      const [first, ...others] = options.listen ?? [{ host: '127.0.0.1', port: options.port ?? 0 }];
      const port = await listener.listen(first);
      for (const address of others) await listener.listen(address);
      database = openState(folder.path);
      const events = new EventStream();
      const identity = new KeyRing(database.store('identity', '-', '-'), clock, ids);
      const blobs = new FileBlobs(join(folder.path, 'blobs'), ids);
      const names = new NameTable(database.store('network', '-', '-'), join(folder.path, 'names.json'));
      const { external, conventions = PLAIN } = options;
      const servers = new LocalServers(
        external && {
          postgres: { host: external.host, ports: external.postgres },
          valkey: { host: external.host, ports: external.valkey },
        },
      );
      const addresses = {
        port,
        endpoint: `http://127.0.0.1:${port}`,
        endpointFor: endpoints(port, options.publicHost),
        stateDirectory: folder.path,
        caFile: join(folder.path, 'ca.pem'),
        caReady: () => openAuthority().then(() => undefined),
        certificateFor: (name: string) => openAuthority().then((opened) => opened.identityFor(name)),
      };
      const decisions = new DecisionLog(
        new Uses(database.store('identity', '-', '-').collection('uses'), clock),
      );
      events.subscribe((event) => {
        if (event instanceof Decided) decisions.add(event);
      });
      const later: { parts?: Parts } = {};
      const dispatcher: Dispatcher = new Dispatcher({
        clock,
        ids,
        database,
        parts: () => later.parts!,
        iam: options.iam ?? 'enforce',
        networkChanged: () => doors.refresh(),
        before: (request) => {
          checkEnabled(request.service, conventions.services);
          return bootstrapBefore(dispatcher, identity, request);
        },
      });
      const doors = new VpcDoors({
        folder: folder.path,
        listen: () => listener.listen({ host: '127.0.0.1', port: 0 }),
        endpointsFrom: (network) => dispatcher.endpointsFrom(network, 'execute-api'),
        endpoint: (id, account, region) => dispatcher.endpoint(id, account, region),
      });
      const root = identity.root(DEFAULT_ACCOUNT);
      const host = dispatcher.host(root, DEFAULT_ACCOUNT, 'us-east-1');
      if (options.jwks) tokenIssuers(host).attach(keysAtAddresses(options.jwks));
      const environments = new LambdaEnvironments(host, options.environmentLimits);
      const door = new Door(dispatcher);
      const parts: Parts = {
        blobs,
        events,
        identity,
        functions: environments,
        servers,
        names,
        vpcNames: doors,
        addresses,
        door,
        callers: new Callers(dispatcher),
      };
      later.parts = parts;
      environments.start();
      const edge = new Edge(
        host,
        external
          ? { host: external.host, ports: external.sites, onlyThese: true }
          : { host: '127.0.0.1', ports: options.stateDirectory ? SITE_PORTS : [] },
      );
      cloud = new LocalCloud(
        port,
        folder,
        database,
        dispatcher,
        events,
        decisions,
        parts,
        edge,
        environments,
        servers,
        doors,
        external !== undefined,
        listener,
        {
          stop: options.onStopRequested ?? (() => {}),
          ...(options.onRestartRequested ? { restart: options.onRestartRequested } : {}),
        },
        conventions,
      );
      await edge.start();
      for (const service of WAKE_AT_START) {
        if (database.scopes(service).length > 0) await dispatcher.wake(service);
      }
      cloud.#sweepLater(blobs);
      return cloud;
    } catch (error) {
      await listener.close();
      await database?.close();
      await folder.release();
      throw error;
    }
  }

  get endpoint(): string {
    return this.parts.addresses.endpoint;
  }

  /** Whether callers are held against their policies. */
  get iam(): IamMode {
    return this.dispatcher.options.iam;
  }

  /** Calls operations in process, as the account's administrator. */
  host(region = 'us-east-1', account = DEFAULT_ACCOUNT): Host {
    return this.dispatcher.host(this.parts.identity.root(account), account, region);
  }

  /** Files that a killed engine left are removed once this one is up and its first requests are served. */
  #sweepLater(blobs: FileBlobs): void {
    if (!this.folder.unclean) {
      blobs.forgetFresh();
      return;
    }
    let sweeping: Promise<void> | undefined;
    const sweep = () => {
      sweeping ??= this.#sweep(blobs);
      return sweeping;
    };
    const cancel = this.dispatcher.options.clock.after(SWEEP_AFTER, () => void sweep());
    this.#finishSweep = () => {
      cancel();
      return sweep();
    };
  }

  async #sweep(blobs: FileBlobs): Promise<void> {
    const { clock } = this.dispatcher.options;
    try {
      const { sweepBlobs } = await import('./blob-sweep');
      const count = await sweepBlobs(blobs, this.database);
      if (count === 0) return;
      const message = `removed ${count} file(s) that belonged to nothing: the engine before this one was killed`;
      this.events.emit({ type: 'engine', at: clock.millis(), level: 'info', message });
    } catch (error) {
      const message = `files of a killed engine stay: ${error instanceof Error ? error.message : error}`;
      this.events.emit({ type: 'engine', at: clock.millis(), level: 'warn', message });
    }
  }

  /** Ends everything this engine started. The state stays, unless it was temporary. */
  async stop(): Promise<void> {
    await this.#listener.close();
    await this.#finishSweep();
    await this.edge.stop();
    await this.environments.stop();
    await this.dispatcher.stop();
    await this.servers.stop();
    this.decisions.uses.write();
    await this.database.close();
    if (this.folder.ephemeral) await forgetState(this.folder.path);
    else await this.folder.release();
  }

  /** The way of every HTTP request. Never throws: what goes wrong in one request stays in it. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.events.emit({
        type: 'engine',
        at: this.dispatcher.options.clock.millis(),
        level: 'error',
        message: text,
      });
      if (response.headersSent) response.destroy();
      else
        response
          .writeHead(500, { 'content-type': 'application/json' })
          .end('{"message":"Internal server error"}');
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { localPort } = request.socket;
    if (this.doors.has(localPort)) {
      const { handleAtEndpoint } = await import('../execute-api/domains/vpc-endpoint');
      return handleAtEndpoint(this.host(), await this.doors.at(localPort), request, response);
    }
    const url = request.url ?? '/';
    const cut = url.indexOf('?');
    const path = cut < 0 ? url : url.slice(0, cut);
    const claimed = claimedCredentials(request.headers.authorization, cut < 0 ? '' : url.slice(cut + 1));
    const way = route(request.headers.host ?? '', path, claimed?.service);
    switch (way.to) {
      case 'aws':
        if (way.stranger !== undefined) {
          const { handleCustomDomain } = await import('../execute-api/domains/custom-domain');
          if (await handleCustomDomain(this.host(), way.stranger, path, request, response)) return;
        }
        return this.#aws.handle(way, request, response);
      case 'execute-api':
        this.#executeApi ??= (await import('../execute-api')).handleExecuteApi;
        return this.#executeApi(this.#host, way, request, response);
      case 'edge':
        if (way.path !== undefined) request.url = way.path + (cut < 0 ? '' : url.slice(cut));
        return this.edge.handle(way.site, request, response);
      case 'registry':
        return (await import('../registry')).handleRegistry(this.host(), way.path, request, response);
      case 'code':
        return this.environments.download(way.secret, response);
      case 'internal':
        return this.#internal.handle(way.path, request, response);
      case 'custom-resource': {
        const body = await readBody(request, 1024 * 1024);
        const known = handleCustomResourceResponse(this.host(), way.token, body);
        response.writeHead(known ? 200 : 403, { 'content-length': '0' }).end();
        return;
      }
      case 'unknown-name':
        this.events.emit({
          type: 'engine',
          at: this.dispatcher.options.clock.millis(),
          level: 'warn',
          message: `refused a request to ${way.host}: no AWS service by that name here (${flatHeaders(request)['user-agent'] ?? 'unknown client'})`,
        });
        response.writeHead(501, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            __type: 'NotImplemented',
            message: `tierkit does not know the AWS name ${way.host}. Nothing is sent to the real AWS.`,
          }),
        );
    }
  }
}
