import { defineResource, type ResourceProvider } from '../kernel';
import { nestedStack } from './nested-stack';

/** Says which constructs an app uses; does nothing. https://docs.aws.amazon.com/cdk/v2/guide/usage-data.html */
const metadata = defineResource({
  type: 'AWS::CDK::Metadata',
  properties: { Analytics: true },
  create: async ({ stackName, call }) => ({ physicalId: call.ids.uuid(), attributes: { stackName } }),
  update: async ({ physicalId, attributes }) => ({ physicalId, attributes: { ...attributes } }),
  delete: async () => {},
});

/** A URL to signal; alone, without a wait condition, it is how templates make "nothing". */
const waitConditionHandle = defineResource({
  type: 'AWS::CloudFormation::WaitConditionHandle',
  properties: {},
  create: async ({ call, stackId, logicalId }) => ({
    physicalId: `https://cloudformation-waitcondition-${call.region}.s3.${call.region}.amazonaws.com/${encodeURIComponent(`${stackId}/${logicalId}/${call.ids.uuid()}`)}`,
  }),
  delete: async () => {},
});

/** The types that are CloudFormation's own. */
export const nativeResources: ReadonlyMap<string, ResourceProvider> = new Map(
  [metadata, waitConditionHandle, nestedStack].map((provider) => [provider.type, provider]),
);
