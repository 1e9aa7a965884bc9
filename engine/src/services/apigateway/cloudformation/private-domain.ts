import { arn, type Call, defineResource } from '../../../kernel';
import { gone, replace, retag, tagMap } from './values';

interface Tagged {
  Tags?: { Key: string; Value: string }[];
}

interface DomainProperties extends Tagged {
  DomainName: string;
  CertificateArn?: string;
  EndpointConfiguration?: { Types?: 'PRIVATE'[]; IpAddressType?: 'dualstack' };
  Policy?: unknown;
  SecurityPolicy?: 'TLS_1_2';
  RoutingMode?: 'BASE_PATH_MAPPING_ONLY';
}

/** The name and the id that a private domain's ARN says. */
function named(domainNameArn: string) {
  const [, domainName = '', domainNameId = ''] =
    /\/domainnames\/([^/+]+)\+([a-z0-9]+)$/.exec(domainNameArn) ?? [];
  return { domainName, domainNameId };
}

const textOf = (policy: unknown): string | undefined =>
  policy === undefined || typeof policy === 'string' ? policy : JSON.stringify(policy);

const provisioned = (domainNameArn = '') => ({
  physicalId: domainNameArn,
  attributes: { DomainNameArn: domainNameArn, DomainNameId: named(domainNameArn).domainNameId },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-domainnamev2.html */
export const privateDomain = defineResource<DomainProperties>({
  type: 'AWS::ApiGateway::DomainNameV2',
  properties: {
    DomainName: true,
    CertificateArn: true,
    EndpointConfiguration: { Types: true, IpAddressType: true },
    Policy: true,
    SecurityPolicy: true,
    RoutingMode: true,
    Tags: true,
  },
  async create(context) {
    const { call, properties } = context;
    const { EndpointConfiguration } = properties;
    const made = await call.invoke('apigateway', 'CreateDomainName', {
      domainName: properties.DomainName,
      certificateArn: properties.CertificateArn,
      endpointConfiguration: {
        types: EndpointConfiguration?.Types ?? ['PRIVATE'],
        ipAddressType: EndpointConfiguration?.IpAddressType,
      },
      policy: textOf(properties.Policy),
      securityPolicy: properties.SecurityPolicy,
      routingMode: properties.RoutingMode,
      tags: tagMap(context.tags, properties.Tags),
    });
    return provisioned(made.domainNameArn);
  },
  async update(context) {
    const { call, physicalId, previous, properties } = context;
    const changed = (path: string, from: string | undefined, to: string | undefined) =>
      from === to ? [] : [replace(path, to ?? '')];
    await call.invoke('apigateway', 'UpdateDomainName', {
      ...named(physicalId),
      patchOperations: [
        ...changed('/certificateArn', previous.CertificateArn, properties.CertificateArn),
        ...changed('/policy', textOf(previous.Policy), textOf(properties.Policy)),
      ],
    });
    await retag(call, physicalId, tagMap(context.tags, properties.Tags));
    return provisioned(physicalId);
  },
  async delete({ call, physicalId }) {
    await gone(call.invoke('apigateway', 'DeleteDomainName', named(physicalId)));
  },
});

interface MappingProperties {
  DomainNameArn: string;
  RestApiId: string;
  Stage?: string;
  BasePath?: string;
}

const mappingArn = (call: Call, domainNameArn: string, basePath: string) => {
  const { domainName, domainNameId } = named(domainNameArn);
  const path = `/domainnames/${domainName}+${domainNameId}/basepathmappings/${basePath}`;
  return arn('apigateway', call.region, call.account, path);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-basepathmappingv2.html */
export const privateMapping = defineResource<MappingProperties>({
  type: 'AWS::ApiGateway::BasePathMappingV2',
  properties: { DomainNameArn: true, RestApiId: true, Stage: true, BasePath: true },
  async create({ call, properties }) {
    const { BasePath, DomainNameArn, RestApiId, Stage } = properties;
    const where = { ...named(DomainNameArn), basePath: BasePath, restApiId: RestApiId, stage: Stage };
    const made = await call.invoke('apigateway', 'CreateBasePathMapping', where);
    const BasePathMappingArn = mappingArn(call, DomainNameArn, made.basePath ?? '');
    return { physicalId: BasePathMappingArn, attributes: { BasePathMappingArn } };
  },
  async update({ call, physicalId, previous, properties }) {
    const patchOperations = [
      ...(previous.RestApiId === properties.RestApiId ? [] : [replace('/restapiId', properties.RestApiId)]),
      ...(previous.Stage === properties.Stage ? [] : [replace('/stage', properties.Stage ?? '')]),
    ];
    const basePath = physicalId.split('/').at(-1);
    const where = { ...named(properties.DomainNameArn), basePath, patchOperations };
    await call.invoke('apigateway', 'UpdateBasePathMapping', where);
    return { physicalId, attributes: { BasePathMappingArn: physicalId } };
  },
  async delete({ call, physicalId, properties }) {
    const where = { ...named(properties.DomainNameArn), basePath: physicalId.split('/').at(-1) };
    await gone(call.invoke('apigateway', 'DeleteBasePathMapping', where));
  },
});

interface AssociationProperties extends Tagged {
  DomainNameArn: string;
  AccessAssociationSource: string;
  AccessAssociationSourceType: 'VPCE';
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-domainnameaccessassociation.html */
export const accessAssociation = defineResource<AssociationProperties>({
  type: 'AWS::ApiGateway::DomainNameAccessAssociation',
  properties: {
    DomainNameArn: true,
    AccessAssociationSource: true,
    AccessAssociationSourceType: true,
    Tags: true,
  },
  async create(context) {
    const { call, properties } = context;
    const made = await call.invoke('apigateway', 'CreateDomainNameAccessAssociation', {
      domainNameArn: properties.DomainNameArn,
      accessAssociationSource: properties.AccessAssociationSource,
      accessAssociationSourceType: properties.AccessAssociationSourceType,
      tags: tagMap(context.tags, properties.Tags),
    });
    const physicalId = made.domainNameAccessAssociationArn ?? '';
    return { physicalId, attributes: { DomainNameAccessAssociationArn: physicalId } };
  },
  async update(context) {
    const { call, physicalId, properties } = context;
    await retag(call, physicalId, tagMap(context.tags, properties.Tags));
    return { physicalId, attributes: { DomainNameAccessAssociationArn: physicalId } };
  },
  async delete({ call, physicalId }) {
    const domainNameAccessAssociationArn = physicalId;
    const asked = { domainNameAccessAssociationArn };
    await gone(call.invoke('apigateway', 'DeleteDomainNameAccessAssociation', asked));
  },
});
