import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root';
import type {
  MemberJson,
  ModelJson,
  OperationJson,
  ProtocolName,
  ServiceJson,
  ShapeJson,
} from './model-json';

export type { ProtocolName, ServiceJson } from './model-json';

/** A member of a structure, or what a list or map is made of, with its names on each wire. */
export class Member {
  readonly in: MemberJson['in'];
  /** Its name in header, query or label; headers in lower case. */
  readonly as: string;
  readonly json: string;
  readonly xml: string;
  readonly ec2: string;
  /** Whether `xml` was given: payloads are named for their shape else. */
  readonly xmlNamed: boolean;
  readonly flat: boolean;
  readonly attribute: boolean;
  readonly xmlns: readonly [attribute: string, uri: string] | undefined;
  readonly token: boolean;
  readonly event: MemberJson['event'];
  readonly eventStream: boolean;
  readonly #model: ServiceModel;
  readonly #id: string;
  #shape: Shape | undefined;

  constructor(
    model: ServiceModel,
    readonly name: string,
    from: string | MemberJson,
  ) {
    const json: MemberJson = typeof from === 'string' ? { s: from } : from;
    this.#model = model;
    this.#id = json.s;
    this.in = json.in;
    this.as =
      json.in === 'header' || json.in === 'prefix' ? (json.as ?? '').toLowerCase() : (json.as ?? name);
    this.json = json.json ?? name;
    this.xml = json.xml ?? name;
    this.xmlNamed = json.xml !== undefined;
    const ec2 = json.ec2 ?? json.xml ?? name;
    this.ec2 = json.ec2 ?? ec2.charAt(0).toUpperCase() + ec2.slice(1);
    this.flat = json.flat === 1;
    this.attribute = json.attr === 1;
    this.xmlns = xmlnsOf(json.ns);
    this.token = json.token === 1;
    this.event = json.event;
    this.eventStream = json.stream === 1;
  }

  get shape(): Shape {
    this.#shape ??= this.#model.shape(this.#id);
    return this.#shape;
  }
}

function xmlnsOf(ns: MemberJson['ns']): readonly [string, string] | undefined {
  if (ns === undefined) return undefined;
  if (typeof ns === 'string') return ['xmlns', ns];
  return [ns[0] ? `xmlns:${ns[0]}` : 'xmlns', ns[1]];
}

const RESPONSE_BOUND = new Set<MemberJson['in']>(['header', 'prefix', 'status', 'payload']);

/** A shape, its members made when first asked for: EC2 has 4,000 shapes, a run uses a few dozen. */
export class Shape {
  readonly type: string;
  #members: readonly Member[] | undefined;
  #byName: Map<string, Member> | undefined;
  #member: Member | undefined;
  #key: Member | undefined;
  #value: Member | undefined;
  #body: readonly Member[] | undefined;
  #response: readonly Member[] | undefined;

  constructor(
    readonly model: ServiceModel,
    readonly id: string,
    readonly json: ShapeJson,
  ) {
    this.type = json.type;
  }

  get isStructure(): boolean {
    return this.type === 'structure' || this.type === 'union' || this.type === 'error';
  }

  get members(): readonly Member[] {
    this.#members ??= Object.entries(this.json.members ?? {}).map(
      ([name, json]) => new Member(this.model, name, json),
    );
    return this.#members;
  }

  /** The members that no HTTP binding takes out of a request's body. */
  get bodyMembers(): readonly Member[] {
    this.#body ??= this.members.filter((member) => member.in === undefined);
    return this.#body;
  }

  /** The same of a response, which has no query: API Gateway's `position` is bound to one in the model. */
  get responseMembers(): readonly Member[] {
    this.#response ??= this.members.filter((member) => !RESPONSE_BOUND.has(member.in));
    return this.#response;
  }

  get payload(): Member | undefined {
    return this.members.find((member) => member.in === 'payload');
  }

  get(name: string): Member | undefined {
    this.#byName ??= new Map(this.members.map((member) => [member.name, member]));
    return this.#byName.get(name);
  }

  get member(): Member {
    this.#member ??= new Member(this.model, 'member', this.json.member ?? 'string');
    return this.#member;
  }

  get key(): Member {
    this.#key ??= new Member(this.model, 'key', this.json.key ?? 'string');
    return this.#key;
  }

  get value(): Member {
    this.#value ??= new Member(this.model, 'value', this.json.value ?? 'string');
    return this.#value;
  }

  get sparse(): boolean {
    return this.json.sparse === 1;
  }

  get xmlName(): string {
    return this.json.xml ?? this.id;
  }

  get xmlns(): readonly [string, string] | undefined {
    return xmlnsOf(this.json.ns);
  }
}

/** An operation, as the protocol it was called by sees it. */
export class OperationModel {
  readonly input: Shape | undefined;
  readonly output: Shape | undefined;
  readonly http: { method: string; uri: string; status: number } | undefined;
  /** The ids of the errors that the model promises. */
  readonly errors: readonly string[];

  constructor(
    readonly model: ServiceModel,
    readonly name: string,
    readonly protocol: ProtocolName,
    json: OperationJson,
  ) {
    this.input = json.input ? model.shape(json.input) : undefined;
    this.output = json.output ? model.shape(json.output) : undefined;
    this.http = json.http && { method: json.http[0], uri: json.http[1], status: json.http[2] };
    this.errors = json.errors ?? [];
  }
}

/** A service's operations and shapes. */
export class ServiceModel {
  readonly #shapes = new Map<string, Shape>();
  readonly #operations = new Map<string, OperationModel>();
  #errors: Map<string, Shape> | undefined;
  readonly #derived = new Map<unknown, unknown>();

  constructor(
    readonly service: string,
    readonly json: ModelJson,
  ) {}

  get protocol(): ProtocolName {
    return this.json.protocols[0] as ProtocolName;
  }

  /** The service's name in credential scopes. */
  get signingName(): string {
    return this.json.signingName;
  }

  get operationNames(): string[] {
    return Object.keys(this.json.operations);
  }

  shape(id: string): Shape {
    let shape = this.#shapes.get(id);
    if (!shape) {
      // Ids that are no shape of the service are built-in types.
      shape = new Shape(this, id, Object.hasOwn(this.json.shapes, id) ? this.json.shapes[id]! : { type: id });
      this.#shapes.set(id, shape);
    }
    return shape;
  }

  operation(name: string, protocol: ProtocolName = this.protocol): OperationModel | undefined {
    const key = `${protocol} ${name}`;
    let operation = this.#operations.get(key);
    if (!operation && Object.hasOwn(this.json.operations, name)) {
      operation = new OperationModel(this, name, protocol, this.json.operations[name]!);
      this.#operations.set(key, operation);
    }
    return operation;
  }

  /** The error of this name, or of this code in the query protocol. */
  error(code: string): Shape | undefined {
    if (!this.#errors) {
      this.#errors = new Map();
      for (const id of this.json.errors) {
        const shape = this.shape(id);
        const wire = shape.json.query?.[0];
        if (wire !== undefined && !this.#errors.has(wire)) this.#errors.set(wire, shape);
      }
      for (const id of this.json.errors) this.#errors.set(id, this.shape(id));
    }
    return this.#errors.get(code);
  }

  /** Something computed from this model once, such as its routes. */
  derived<T>(make: (model: ServiceModel) => T): T {
    let value = this.#derived.get(make) as T | undefined;
    if (value === undefined) {
      value = make(this);
      this.#derived.set(make, value);
    }
    return value;
  }
}

const loaded = new Map<string, ServiceModel>();

function readModel(file: string): unknown {
  return JSON.parse(readFileSync(join(packageRoot, 'models', `${file}.json`), 'utf8'));
}

/** A service's model, read when first asked for. */
export function loadModel(service: string): ServiceModel {
  let model = loaded.get(service);
  if (!model) {
    model = new ServiceModel(service, readModel(service) as ModelJson);
    loaded.set(service, model);
  }
  return model;
}

let index: Record<string, ServiceJson> | undefined;

/** What the router needs to know of every service, without its model. */
export function loadIndex(): Record<string, ServiceJson> {
  index ??= readModel('index') as Record<string, ServiceJson>;
  return index;
}
