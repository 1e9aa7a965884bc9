import { AwsError, type Call, type Properties, type ResourceContext, type ResourceProvider } from '../kernel';
import { redact } from '../observe';
import { checkProperties, PropertyError } from './check-properties';
import { ANY_PROPERTY } from './custom-resource';
import { resolveDynamic } from './dynamic-references';
import { type Engine, providerCall } from './engine';
import { resourceFacts } from './facts';
import { findProvider } from './providers';
import type { ResourceState, StackRecord, Tag } from './records';
import { secretsOf } from './secrets';

/** Services whose operations take CloudFormation's own tags; the others refuse every key that begins with `aws:`. */
const SYSTEM_TAGS = /^AWS::(EC2|Lambda|S3|SecretsManager|SSM)::/;

/** One operation on one stack: on whose behalf, and with which tags. */
export interface Session {
  readonly engine: Engine;
  readonly stack: StackRecord;
  readonly call: Call;
  /** Everything a resource is tagged with besides its own tags. */
  tags(target: Target): Tag[];
}

export function openSession(engine: Engine, stack: StackRecord, operation: string): Session {
  return {
    engine,
    stack,
    call: providerCall(engine, stack.principal, operation),
    tags: ({ logicalId, type }) =>
      SYSTEM_TAGS.test(type)
        ? [
            ...stack.tags,
            { Key: 'aws:cloudformation:stack-name', Value: stack.name },
            { Key: 'aws:cloudformation:stack-id', Value: stack.id },
            { Key: 'aws:cloudformation:logical-id', Value: logicalId },
          ]
        : [...stack.tags],
  };
}

export interface Target {
  logicalId: string;
  type: string;
}

export async function providerFor({ type }: Target): Promise<ResourceProvider> {
  const provider = await findProvider(type);
  if (!provider)
    throw new PropertyError(
      `tierkit does not implement resource type ${type} yet. See docs/parity.md for what it does.`,
    );
  return provider;
}

/** Properties as the provider gets them, but for dynamic references; refused where AWS or tierkit does not take them. */
export function accept(target: Target, provider: ResourceProvider, properties: Properties): Properties {
  if (provider.properties === ANY_PROPERTY) return properties;
  return checkProperties(target, properties, resourceFacts(target.type), provider.properties);
}

const SUFFIX = 12;

/** `Stack-Logical-RANDOM`, the way CloudFormation names what has no name: each part cut so that all fit. */
function physicalName(
  session: Session,
  logicalId: string,
  suffix: string,
  maxLength = 255,
  lowercase = false,
): string {
  const room = maxLength - suffix.length - 2;
  const most = Math.max(Math.floor(room / 2), room - logicalId.length);
  // Cut behind a hyphen it would give two in a row, which RDS and ElastiCache refuse.
  const stack = session.stack.name.slice(0, most).replace(/-+$/, '');
  const name = `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`;
  return lowercase ? name.toLowerCase() : name;
}

function context(session: Session, target: Target, properties: Properties): ResourceContext {
  const { stack, call } = session;
  const { logicalId } = target;
  const suffix = call.ids.upper(SUFFIX);
  return {
    call,
    logicalId,
    stackName: stack.name,
    stackId: stack.id,
    properties,
    tags: session.tags(target),
    name: ({ maxLength, lowercase } = {}) => physicalName(session, logicalId, suffix, maxLength, lowercase),
  };
}

export interface Made {
  physicalId: string;
  attributes: Record<string, unknown>;
}

export async function createResource(
  session: Session,
  target: Target,
  properties: Properties,
): Promise<Made> {
  const provider = await providerFor(target);
  const resolved = await resolveDynamic(properties, session.call);
  const { physicalId, attributes = {} } = await provider.create(context(session, target, resolved));
  return { physicalId, attributes };
}

export async function updateResource(
  session: Session,
  target: Target,
  from: ResourceState,
  properties: Properties,
): Promise<Made> {
  const provider = await providerFor(target);
  if (!provider.update) throw new PropertyError(`tierkit does not implement updates of ${target.type} yet`);
  const resolved = await resolveDynamic(properties, session.call);
  const made = await provider.update({
    ...context(session, target, resolved),
    previous: await resolveDynamic(from.properties, session.call),
    physicalId: from.physicalId,
    attributes: from.attributes,
  });
  return { physicalId: made.physicalId, attributes: made.attributes ?? { ...from.attributes } };
}

export async function deleteResource(session: Session, target: Target, from: ResourceState): Promise<void> {
  const provider = await providerFor(target);
  // What a dynamic reference named may be gone by now; what is to be deleted is known by its id.
  const properties = await resolveDynamic(from.properties, session.call).catch(() => from.properties);
  await provider.delete({
    ...context(session, target, properties),
    physicalId: from.physicalId,
    attributes: from.attributes,
  });
}

/** Takes the snapshot that policy `Snapshot` asks for. */
export async function snapshotResource(
  session: Session,
  target: Target,
  from: ResourceState,
  name: string,
): Promise<void> {
  const provider = await providerFor(target);
  if (!provider.snapshot) {
    throw new AwsError(
      'NotImplemented',
      `tierkit does not implement DeletionPolicy Snapshot of ${target.type} yet`,
    );
  }
  const { physicalId, attributes, properties } = from;
  await provider.snapshot({ ...context(session, target, properties), physicalId, attributes }, name);
}

const HANDLER_CODES: readonly [RegExp, string][] = [
  [/AccessDenied|UnauthorizedOperation|NotAuthorized/, 'AccessDenied'],
  [/AlreadyExists|EntityAlreadyExists|ResourceInUse|ResourceConflict|AlreadyOwned/, 'AlreadyExists'],
  [/NotFound|NoSuch|DoesNotExist/, 'NotFound'],
  [/LimitExceeded|QuotaExceeded/, 'ServiceLimitExceeded'],
  [/Throttl|TooManyRequests|RequestLimitExceeded/, 'Throttling'],
];

const SERVICE_NAMES: Readonly<Record<string, string>> = {
  ApiGateway: 'ApiGateway',
  DynamoDB: 'DynamoDb',
  EC2: 'Ec2',
  ECR: 'Ecr',
  IAM: 'Iam',
  KMS: 'Kms',
  Logs: 'CloudWatchLogs',
  RDS: 'Rds',
  SSM: 'Ssm',
};

/** Why a resource failed, in CloudFormation's words. */
export function reasonOf(session: Session, type: string, error: unknown): string {
  const secrets = secretsOf(session.engine, session.stack);
  if (!(error instanceof AwsError)) {
    session.engine.host.parts.events.emit({
      type: 'engine',
      at: session.engine.host.clock.millis(),
      level: 'error',
      message: redact(error instanceof Error ? (error.stack ?? error.message) : String(error), secrets),
    });
    return 'Internal Failure';
  }
  const plain = ['InvalidProperty', 'CustomResourceFailed', 'NotImplemented', 'ValidationError', 'Cancelled'];
  const message = redact(error.message, secrets);
  if (plain.includes(error.code)) return message;
  const { ids } = session.engine.host;
  const segment = type.split('::')[1] ?? '';
  const service = SERVICE_NAMES[segment] ?? segment;
  const code = HANDLER_CODES.find(([pattern]) => pattern.test(error.code))?.[1] ?? 'InvalidRequest';
  return `Resource handler returned message: "${message} (Service: ${service}, Status Code: ${error.status ?? 400}, Request ID: ${ids.uuid()})" (RequestToken: ${ids.uuid()}, HandlerErrorCode: ${code})`;
}
