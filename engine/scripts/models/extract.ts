import type { MemberJson, ModelJson, OperationJson, ShapeJson } from '../../src/protocols/model-json';
import type { BotoModel, BotoShape } from './constraints';
import { type Ref, resolve, type Schema, type Traits } from './schema';

const TIMESTAMPS: Record<number, string> = {
  4: 'timestamp',
  5: 'timestamp:date-time',
  6: 'timestamp:http-date',
  7: 'timestamp:epoch-seconds',
};

/** The wire location of a member and its name there, from Smithy's http traits. */
function location(traits: Traits): Pick<MemberJson, 'in' | 'as'> | undefined {
  if (traits.httpLabel) return { in: 'label' };
  if (traits.httpHeader) return { in: 'header', as: String(traits.httpHeader) };
  if (traits.httpQuery) return { in: 'query', as: String(traits.httpQuery) };
  if (traits.httpPrefixHeaders !== undefined) return { in: 'prefix', as: String(traits.httpPrefixHeaders) };
  if (traits.httpQueryParams) return { in: 'queryMap' };
  if (traits.httpResponseCode) return { in: 'status' };
  if (traits.httpPayload) return { in: 'payload' };
  return undefined;
}

/** Walks the SDK's schemas from the operations down, beside botocore's shapes, which know the constraints. */
export class Extractor {
  readonly shapes: Record<string, ShapeJson> = {};
  readonly #ids = new Map<string, string>();

  constructor(readonly boto: BotoModel) {}

  shape(ref: Ref, botoName: string | undefined): string {
    const { schema } = resolve(ref);
    const boto = botoName === undefined ? undefined : this.boto.shapes[botoName];
    if (schema.kind === 'unit') return '';
    if (schema.kind === 'simple') return this.#simple(schema, boto, botoName);
    const named = 'name' in schema ? schema.name : undefined;
    const wanted = named ?? botoName ?? `Inline${schema.kind}`;
    const key = `${schema.kind} ${wanted} ${botoName ?? '-'} ${named ? '' : JSON.stringify(ref)}`;
    const known = this.#ids.get(key);
    if (known) return known;
    const id = this.#free(wanted);
    this.#ids.set(key, id);
    const made: ShapeJson = { type: schema.kind };
    this.shapes[id] = made;
    if (schema.kind === 'list' || schema.kind === 'map') this.#collection(made, schema, boto);
    else this.#structure(made, schema, boto);
    return id;
  }

  #collection(made: ShapeJson, schema: Schema & { kind: 'list' | 'map' }, boto: BotoShape | undefined): void {
    if (schema.kind === 'list') made.member = this.#member(schema.member, boto?.member?.shape);
    else {
      made.key = this.#member(schema.key, boto?.key?.shape);
      made.value = this.#member(schema.value, boto?.value?.shape);
    }
    if (schema.traits.sparse) made.sparse = 1;
    if (boto?.min !== undefined) made.min = boto.min;
    if (boto?.max !== undefined) made.max = boto.max;
  }

  #structure(
    made: ShapeJson,
    schema: Schema & { kind: 'structure' | 'union' | 'error' },
    boto: BotoShape | undefined,
  ): void {
    const refs = new Map(schema.members);
    // botocore keeps the model's order of members, which is the order AWS writes XML in.
    const order = [
      ...Object.keys(boto?.members ?? {}).filter((name) => refs.has(name)),
      ...[...refs.keys()].filter((name) => boto?.members?.[name] === undefined),
    ];
    made.members = Object.fromEntries(
      order.map((name) => [name, this.#member(refs.get(name), boto?.members?.[name]?.shape)]),
    );
    const required = new Set(boto ? (boto.required ?? []) : []);
    if (!boto) for (const [name] of schema.members.slice(0, schema.required)) required.add(name);
    const known = order.filter((name) => required.has(name));
    if (known.length > 0) made.required = known;
    if (schema.traits.xmlName) made.xml = String(schema.traits.xmlName);
    if (schema.traits.xmlNamespace) made.ns = schema.traits.xmlNamespace as [string, string];
    if (schema.traits.sensitive) made.sensitive = 1;
    if (schema.kind === 'error') {
      const query = schema.traits.awsQueryError as [string, number] | undefined;
      made.fault = schema.traits.error === 'server' ? 'server' : 'client';
      if (schema.traits.httpError) made.status = Number(schema.traits.httpError);
      if (query) made.query = query;
    }
  }

  #simple(schema: Schema & { kind: 'simple' }, boto: BotoShape | undefined, botoName?: string): string {
    const type = this.#simpleType(schema.type, boto);
    const made: ShapeJson = { type };
    if (schema.traits.streaming || schema.type === 42) made.streaming = 1;
    if (schema.traits.sensitive || boto?.sensitive) made.sensitive = 1;
    if (schema.traits.mediaType) made.media = String(schema.traits.mediaType);
    if (boto?.enum) made.enum = boto.enum;
    if (boto?.min !== undefined) made.min = boto.min;
    if (boto?.max !== undefined) made.max = boto.max;
    if (boto?.pattern !== undefined) made.pattern = boto.pattern;
    if (Object.keys(made).length === 1) return type;
    const key = `simple ${JSON.stringify(made)} ${botoName ?? schema.name}`;
    const known = this.#ids.get(key);
    if (known) return known;
    const id = this.#free(botoName ?? schema.name ?? type);
    this.#ids.set(key, id);
    this.shapes[id] = made;
    return id;
  }

  #simpleType(type: number, boto: BotoShape | undefined): string {
    switch (type) {
      case 0:
        return 'string';
      case 1:
        if (boto?.type === 'integer' || boto?.type === 'long') return boto.type;
        return 'double';
      case 2:
        return 'boolean';
      case 15:
        return 'document';
      case 17:
        return 'bigInteger';
      case 19:
        return 'bigDecimal';
      case 21:
      case 42:
        return 'blob';
      default: {
        const timestamp = TIMESTAMPS[type];
        if (!timestamp) throw new Error(`unknown simple type ${type}`);
        return timestamp;
      }
    }
  }

  #member(ref: Ref, botoName: string | undefined): string | MemberJson {
    const { member: traits, schema } = resolve(ref);
    const made: MemberJson = { s: this.shape(ref, botoName), ...location(traits) };
    if (traits.jsonName) made.json = String(traits.jsonName);
    if (traits.xmlName) made.xml = String(traits.xmlName);
    if (traits.xmlFlattened) made.flat = 1;
    if (traits.xmlAttribute) made.attr = 1;
    if (traits.xmlNamespace) made.ns = traits.xmlNamespace as [string, string];
    if (traits.ec2QueryName) made.ec2 = String(traits.ec2QueryName);
    if (traits.idempotencyToken) made.token = 1;
    if (traits.eventPayload) made.event = 'payload';
    if (traits.eventHeader) made.event = 'header';
    // A union that is streamed is an event stream.
    if (traits.streaming || ('traits' in schema && schema.traits.streaming && schema.kind === 'union')) {
      made.stream = 1;
    }
    return Object.keys(made).length === 1 ? made.s : made;
  }

  #free(wanted: string): string {
    // Lower-case names are the built-in types.
    let id = /^[a-z]/.test(wanted) ? `_${wanted}` : wanted;
    while (this.shapes[id]) id += '_';
    return id;
  }
}

export function operationJson(
  extractor: Extractor,
  schema: [number, string, string, unknown, Ref, Ref],
  s3: boolean,
): OperationJson {
  const [, , name, indicator, input, output] = schema;
  const boto = extractor.boto.operations[name];
  const traits = (typeof indicator === 'object' && indicator !== null ? indicator : {}) as Traits;
  const made: OperationJson = {
    input: extractor.shape(input, boto?.input?.shape),
    output: extractor.shape(output, boto?.output?.shape),
  };
  const http = traits.http as [string, string, number] | undefined;
  if (http) {
    const shape = extractor.shapes[made.input];
    // The SDK takes S3's bucket out of the path and into the endpoint; on the wire, path style, it leads the path.
    const bucket = s3 && shape?.members?.Bucket !== undefined && !http[1].includes('{Bucket}');
    made.http = [http[0], bucket ? `/{Bucket}${http[1].replace(/^\/(?=\?|$)/, '')}` : http[1], http[2]];
  }
  const errors = (boto?.errors ?? []).map((error) => error.shape);
  if (errors.length > 0) made.errors = errors;
  const prefix = (traits.endpoint as string[] | undefined)?.[0];
  if (prefix) made.hostPrefix = prefix;
  return made;
}

export type { ModelJson };
