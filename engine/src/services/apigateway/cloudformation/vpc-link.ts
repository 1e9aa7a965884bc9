import { defineResource } from '../../../kernel';
import { gone, replace, retag, tagMap } from './values';

interface Properties {
  Name: string;
  Description?: string;
  TargetArns: string[];
  Tags?: { Key: string; Value: string }[];
}

const provisioned = (id: string) => ({ physicalId: id, attributes: { VpcLinkId: id } });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-vpclink.html */
export const vpcLink = defineResource<Properties>({
  type: 'AWS::ApiGateway::VpcLink',
  properties: { Name: true, Description: true, TargetArns: true, Tags: true },
  async create(context) {
    const { Name: name, Description: description, TargetArns: targetArns, Tags } = context.properties;
    const tags = tagMap(context.tags, Tags);
    const { id = '' } = await context.call.invoke('apigateway', 'CreateVpcLink', {
      ...{ name, description, targetArns, tags },
    });
    return provisioned(id);
  },
  async update(context) {
    const { call, physicalId, properties } = context;
    await call.invoke('apigateway', 'UpdateVpcLink', {
      vpcLinkId: physicalId,
      patchOperations: [
        replace('/name', properties.Name),
        replace('/description', properties.Description ?? ''),
      ],
    });
    await retag(call, `/vpclinks/${physicalId}`, tagMap(context.tags, properties.Tags));
    return provisioned(physicalId);
  },
  async delete({ call, physicalId }) {
    await gone(call.invoke('apigateway', 'DeleteVpcLink', { vpcLinkId: physicalId }));
  },
});
