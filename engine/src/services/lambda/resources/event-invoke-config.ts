import { defineResource } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';

interface EventInvokeConfigProperties {
  FunctionName: string;
  Qualifier: string;
  MaximumEventAgeInSeconds?: number | string;
  MaximumRetryAttempts?: number | string;
  DestinationConfig?: { OnSuccess?: { Destination: string }; OnFailure?: { Destination: string } };
}

function inputOf({ FunctionName, Qualifier, DestinationConfig, ...numbers }: EventInvokeConfigProperties) {
  const { MaximumEventAgeInSeconds: age, MaximumRetryAttempts: retries } = numbers;
  return {
    FunctionName,
    Qualifier,
    ...(age === undefined ? {} : { MaximumEventAgeInSeconds: Number(age) }),
    ...(retries === undefined ? {} : { MaximumRetryAttempts: Number(retries) }),
    ...(DestinationConfig ? { DestinationConfig } : {}),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html */
export const eventInvokeConfig = defineResource<EventInvokeConfigProperties>({
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: {
    FunctionName: true,
    Qualifier: true,
    MaximumEventAgeInSeconds: true,
    MaximumRetryAttempts: true,
    DestinationConfig: { OnSuccess: { Destination: true }, OnFailure: { Destination: true } },
  },
  async create({ call, properties, name }) {
    await call.invoke('lambda', 'PutFunctionEventInvokeConfig', inputOf(properties));
    return { physicalId: name({ maxLength: 100 }) };
  },
  async update({ call, properties, physicalId }) {
    await call.invoke('lambda', 'PutFunctionEventInvokeConfig', inputOf(properties));
    return { physicalId };
  },
  async delete({ call, properties: { FunctionName, Qualifier } }) {
    await unlessGone(
      call.invoke('lambda', 'DeleteFunctionEventInvokeConfig', { FunctionName, Qualifier }),
      'ResourceNotFoundException',
    );
  },
});
