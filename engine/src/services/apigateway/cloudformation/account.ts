import { type Call, defineResource } from '../../../kernel';
import { replace } from './values';

interface Properties {
  CloudWatchRoleArn?: string;
}

async function put(call: Call, role: string | undefined): Promise<void> {
  const patchOperations = [replace('/cloudwatchRoleArn', role ?? '')];
  await call.invoke('apigateway', 'UpdateAccount', { patchOperations });
}

export const account = defineResource<Properties>({
  type: 'AWS::ApiGateway::Account',
  properties: { CloudWatchRoleArn: true },
  async create(context) {
    await put(context.call, context.properties.CloudWatchRoleArn);
    const physicalId = context.name({ maxLength: 64 });
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update({ call, physicalId, properties }) {
    await put(call, properties.CloudWatchRoleArn);
    return { physicalId, attributes: { Id: physicalId } };
  },
  // The settings belong to the account and stay when the stack goes, as on AWS.
  async delete() {},
});
