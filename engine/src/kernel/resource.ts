import type { Call } from './call';
import { AwsError } from './errors';

/**
 * Which properties of a CloudFormation type are implemented: `true` takes the property with all that is in it,
 * a nested object names what of it is implemented (lists are looked through). Any other property in a template
 * fails the resource with its name: nothing is accepted and ignored.
 */
export interface PropertyTree {
  readonly [property: string]: true | PropertyTree;
}

export interface Provisioned {
  /** What `Ref` gives, and the physical resource id that DescribeStackResources shows. */
  physicalId: string;
  /** What `Fn::GetAtt` gives, by attribute name ("Endpoint.Address" for nested ones). */
  attributes?: Record<string, unknown>;
}

/** A resource's properties as the template gives them, intrinsics resolved, already checked against the type's schema. */
export type Properties = Record<string, unknown>;

export interface ResourceContext<P = Properties> {
  /** The stack's call: `call.invoke(...)` makes the provider's calls, as the role the stack was given. */
  readonly call: Call;
  readonly logicalId: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly properties: P;
  /** Stack tags and `aws:cloudformation:*` tags, to be put on taggable resources besides the template's Tags. */
  readonly tags: readonly { Key: string; Value: string }[];
  /** A physical name as CloudFormation makes them, `Stack-Logical-RANDOM`, cut to `maxLength`. Stable within one create. */
  name(options?: { maxLength?: number; lowercase?: boolean }): string;
}

export interface ExistingResource<P = Properties> extends ResourceContext<P> {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface UpdatingResource<P = Properties> extends ExistingResource<P> {
  readonly previous: P;
}

/**
 * How one CloudFormation type is made: by calling operations, as a user would. Which changes need a replacement
 * and which properties are required is known from AWS's resource schemas, not from here.
 */
export interface ResourceProvider<P = Properties> {
  readonly type: string;
  readonly properties: PropertyTree;
  create(resource: ResourceContext<P>): Promise<Provisioned>;
  /** In-place update. Left out only where every property of the type is create-only. */
  update?(resource: UpdatingResource<P>): Promise<Provisioned>;
  /** A resource that is already gone is deleted: "not found" is success. */
  delete(resource: ExistingResource<P>): Promise<void>;
  /** Takes the snapshot `name` that a DeletionPolicy asks for, and resolves when it is whole. */
  snapshot?(resource: ExistingResource<P>, name: string): Promise<void>;
}

/**
 * What a provider does once the resource is there, but not yet whole: a failure then carries its physical id, so
 * that the rollback deletes it, as on AWS, where a handler that fails has told its identifier.
 */
export async function whileMaking<T>(physicalId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message, status, members } = error;
    throw new AwsError(code, message, {
      ...(status === undefined ? {} : { status }),
      members: { PhysicalResourceId: physicalId, ...members },
    });
  }
}

/** Types a provider by its properties; the template engine sees all providers alike. */
export function defineResource<P>(provider: ResourceProvider<P>): ResourceProvider {
  // The engine hands over properties that passed the type's schema, which is what P describes.
  return provider as unknown as ResourceProvider;
}
