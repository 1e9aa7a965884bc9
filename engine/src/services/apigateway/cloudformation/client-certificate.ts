import { defineResource } from '../../../kernel';
import { gone, replace, retag, tagMap } from './values';

interface Properties {
  Description?: string;
  Tags?: { Key: string; Value: string }[];
}

const provisioned = (id: string) => ({ physicalId: id, attributes: { ClientCertificateId: id } });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-clientcertificate.html */
export const clientCertificate = defineResource<Properties>({
  type: 'AWS::ApiGateway::ClientCertificate',
  properties: { Description: true, Tags: true },
  async create(context) {
    const { call, properties } = context;
    const { clientCertificateId = '' } = await call.invoke('apigateway', 'GenerateClientCertificate', {
      description: properties.Description,
      tags: tagMap(context.tags, properties.Tags),
    });
    return provisioned(clientCertificateId);
  },
  async update(context) {
    const { call, physicalId, properties } = context;
    await call.invoke('apigateway', 'UpdateClientCertificate', {
      clientCertificateId: physicalId,
      patchOperations: [replace('/description', properties.Description ?? '')],
    });
    await retag(call, `/clientcertificates/${physicalId}`, tagMap(context.tags, properties.Tags));
    return provisioned(physicalId);
  },
  async delete({ call, physicalId }) {
    await gone(call.invoke('apigateway', 'DeleteClientCertificate', { clientCertificateId: physicalId }));
  },
});
