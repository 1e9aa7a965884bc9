import type { Cors } from '@aws-sdk/client-lambda';
import { defineResource } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';

interface UrlProperties {
  TargetFunctionArn: string;
  Qualifier?: string;
  AuthType: 'NONE' | 'AWS_IAM';
  InvokeMode?: 'BUFFERED' | 'RESPONSE_STREAM';
  Cors?: Cors;
}

function inputOf({ TargetFunctionArn, ...rest }: UrlProperties) {
  return { FunctionName: TargetFunctionArn, ...rest };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html */
export const url = defineResource<UrlProperties>({
  type: 'AWS::Lambda::Url',
  properties: { TargetFunctionArn: true, Qualifier: true, AuthType: true, InvokeMode: true, Cors: true },
  async create({ call, properties }) {
    const made = await call.invoke('lambda', 'CreateFunctionUrlConfig', inputOf(properties));
    const { FunctionArn, FunctionUrl } = made;
    return { physicalId: FunctionArn!, attributes: { FunctionArn, FunctionUrl } };
  },
  async update({ call, properties, physicalId, attributes }) {
    await call.invoke('lambda', 'UpdateFunctionUrlConfig', inputOf(properties));
    return { physicalId, attributes: { ...attributes } };
  },
  async delete({ call, properties: { TargetFunctionArn, Qualifier } }) {
    await unlessGone(
      call.invoke('lambda', 'DeleteFunctionUrlConfig', {
        FunctionName: TargetFunctionArn,
        ...(Qualifier === undefined ? {} : { Qualifier }),
      }),
      'ResourceNotFoundException',
    );
  },
});
