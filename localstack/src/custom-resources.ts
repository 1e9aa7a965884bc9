import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { bucketDeploymentResource } from '../../engine/src/services/s3/bucket-deployment';
import type { Played, Records } from './records';
import type { DeployedStack } from './stack';
import { isCustomResource } from './stand-ins';
import { clientConfig } from './surroundings';
import { dependenciesOf, isObject, type Resource, referenceOf, references, type Template } from './template';
import type { Values } from './values';
import type { LocalStackWorld } from './world';

interface Theatre {
  /** As synthesised. */
  template: Template;
  removed: Template['Resources'];
  stack: DeployedStack;
  values: Values;
  world: LocalStackWorld;
  records: Records;
  /** Runs them all even where nothing changed: what they made is not there any more. */
  afresh: boolean;
}

const BUCKET_DEPLOYMENT = 'Custom::CDKBucketDeployment';
/** Do something only when they are deleted, which `empty buckets` does. */
const AT_THE_END = new Set(['Custom::S3AutoDeleteObjects']);
/** CDK's provider framework keeps here whom it calls. */
const ON_EVENT = 'USER_ON_EVENT_FUNCTION_ARN';
const IS_COMPLETE = 'USER_IS_COMPLETE_FUNCTION_ARN';

/** Does what the custom resources would have done, in their order; gives the logical ids of those that had to. */
export async function playCustomResources(theatre: Theatre): Promise<string[]> {
  const played: string[] = [];
  for (const id of inOrder(theatre.removed)) {
    const properties = theatre.values.of(theatre.removed[id]?.Properties ?? {}) as Record<string, unknown>;
    const before = await theatre.records.get(id);
    if (before && !theatre.afresh && same(before.properties, properties)) continue;
    const physicalId = await play(theatre, id, properties, before);
    await theatre.records.put(id, { physicalId, properties });
    played.push(id);
  }
  return played;
}

/** Those that others depend on come first, directly or through other things that were taken out. */
function inOrder(removed: Template['Resources']): string[] {
  const order = new Set<string>();
  const seen = new Set<string>();
  const visit = (id: string): void => {
    const resource = removed[id];
    if (!resource || seen.has(id)) return;
    seen.add(id);
    for (const dependency of dependenciesOf(resource)) visit(dependency);
    for (const { logicalId } of references(resource.Properties)) visit(logicalId);
    if (isCustomResource(resource.Type)) order.add(id);
  };
  for (const id of Object.keys(removed)) visit(id);
  return [...order];
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

async function play(
  theatre: Theatre,
  id: string,
  properties: Record<string, unknown>,
  before: Played | undefined,
): Promise<string> {
  const type = theatre.removed[id]?.Type ?? '';
  if (AT_THE_END.has(type)) return id;
  if (type === BUCKET_DEPLOYMENT) return deployFiles(theatre, id, properties, before);
  return invokeProvider(theatre, id, properties, before);
}

/** By the code with which the embedded engine does it. */
async function deployFiles(
  { world, stack }: Theatre,
  logicalId: string,
  properties: Record<string, unknown>,
  before: Played | undefined,
): Promise<string> {
  // The front is started anew after each deployment, with nothing in its cache.
  const { DistributionId, DistributionPaths, ...rest } = properties;
  const context = {
    call: world.call('CreateStack'),
    logicalId,
    stackName: stack.name,
    stackId: stack.id,
    properties: rest,
    tags: [],
    name: () => logicalId,
  };
  if (!before || !bucketDeploymentResource.update)
    return (await bucketDeploymentResource.create(context)).physicalId;
  const { DistributionId: _, ...previous } = before.properties;
  const existing = { ...context, physicalId: before.physicalId, attributes: {}, previous };
  return (await bucketDeploymentResource.update(existing)).physicalId;
}

/** https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html#provider-framework */
async function invokeProvider(
  { template, removed, stack, values, world }: Theatre,
  id: string,
  properties: Record<string, unknown>,
  before: Played | undefined,
): Promise<string> {
  const type = removed[id]?.Type ?? '';
  const client = new LambdaClient({
    ...clientConfig(world.endpoint),
    requestHandler: { requestTimeout: 600_000 },
  });
  try {
    const framework = referenceOf(removed[id]?.Properties?.ServiceToken)?.logicalId ?? '';
    const variables = variablesOf(template.Resources[framework]);
    const onEvent = variables[ON_EVENT];
    if (!onEvent || variables[IS_COMPLETE]) {
      throw new Error(
        `${type} ${id} cannot be played: only CDK’s provider framework without isComplete and its BucketDeployment are known`,
      );
    }
    const event = {
      RequestType: before ? 'Update' : 'Create',
      ServiceToken: properties.ServiceToken,
      // As the framework hands it on.
      ResponseURL: '...',
      StackId: stack.id,
      RequestId: randomUUID(),
      LogicalResourceId: id,
      ResourceType: type,
      ResourceProperties: properties,
      ...(before ? { PhysicalResourceId: before.physicalId, OldResourceProperties: before.properties } : {}),
    };
    const answer = await client.send(
      new InvokeCommand({
        FunctionName: String(values.of(onEvent)),
        Payload: JSON.stringify(event),
        LogType: 'Tail',
      }),
    );
    const said = JSON.parse(answer.Payload?.transformToString() || 'null') as {
      errorMessage?: string;
      PhysicalResourceId?: string;
    } | null;
    if (answer.FunctionError) {
      const log = Buffer.from(answer.LogResult ?? '', 'base64')
        .toString()
        .trim();
      throw new Error(
        `${type} ${id} failed: ${said?.errorMessage ?? answer.FunctionError}${log ? `\n${log}` : ''}`,
      );
    }
    return said?.PhysicalResourceId ?? before?.physicalId ?? event.RequestId;
  } finally {
    client.destroy();
  }
}

function variablesOf(lambda: Resource | undefined): Record<string, unknown> {
  const environment = lambda?.Properties?.Environment;
  return isObject(environment) && isObject(environment.Variables) ? environment.Variables : {};
}
