import type { DomainName, PatchOperation } from '@aws-sdk/client-api-gateway';
import { defineResource } from '../../../kernel';
import { gone, replace, tagMap } from './values';

interface Properties {
  DomainName: string;
  CertificateArn?: string;
  RegionalCertificateArn?: string;
  EndpointConfiguration?: { Types?: ('REGIONAL' | 'EDGE')[]; IpAddressType?: 'ipv4' | 'dualstack' };
  MutualTlsAuthentication?: { TruststoreUri?: string; TruststoreVersion?: string };
  OwnershipVerificationCertificateArn?: string;
  SecurityPolicy?: 'TLS_1_2';
  RoutingMode?: 'BASE_PATH_MAPPING_ONLY';
  Tags?: { Key: string; Value: string }[];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-domainname.html */
export const domainName = defineResource<Properties>({
  type: 'AWS::ApiGateway::DomainName',
  properties: {
    DomainName: true,
    CertificateArn: true,
    RegionalCertificateArn: true,
    EndpointConfiguration: { Types: true, IpAddressType: true },
    MutualTlsAuthentication: { TruststoreUri: true, TruststoreVersion: true },
    OwnershipVerificationCertificateArn: true,
    SecurityPolicy: true,
    RoutingMode: true,
    Tags: true,
  },
  async create(context) {
    const { call, properties } = context;
    const made = await call.invoke('apigateway', 'CreateDomainName', {
      domainName: properties.DomainName,
      certificateArn: properties.CertificateArn,
      regionalCertificateArn: properties.RegionalCertificateArn,
      endpointConfiguration: properties.EndpointConfiguration && {
        types: properties.EndpointConfiguration.Types,
        ipAddressType: properties.EndpointConfiguration.IpAddressType,
      },
      mutualTlsAuthentication: properties.MutualTlsAuthentication && {
        truststoreUri: properties.MutualTlsAuthentication.TruststoreUri,
        truststoreVersion: properties.MutualTlsAuthentication.TruststoreVersion,
      },
      ownershipVerificationCertificateArn: properties.OwnershipVerificationCertificateArn,
      securityPolicy: properties.SecurityPolicy,
      routingMode: properties.RoutingMode,
      tags: tagMap(context.tags, properties.Tags),
    });
    return provisioned(made);
  },
  async update(context) {
    const { call, physicalId, previous, properties } = context;
    const changed = (path: string, from: string | undefined, to: string | undefined) =>
      from === to ? [] : [replace(path, to ?? '')];
    const made = await call.invoke('apigateway', 'UpdateDomainName', {
      domainName: physicalId,
      patchOperations: [
        ...changed(`/endpointConfiguration/types/${typeOf(previous)}`, typeOf(previous), typeOf(properties)),
        ...changed('/certificateArn', previous.CertificateArn, properties.CertificateArn),
        ...changed(
          '/regionalCertificateArn',
          previous.RegionalCertificateArn,
          properties.RegionalCertificateArn,
        ),
        ...changed(
          '/endpointConfiguration/ipAddressType',
          previous.EndpointConfiguration?.IpAddressType ?? 'ipv4',
          properties.EndpointConfiguration?.IpAddressType ?? 'ipv4',
        ),
        ...changed(
          '/ownershipVerificationCertificateArn',
          previous.OwnershipVerificationCertificateArn,
          properties.OwnershipVerificationCertificateArn,
        ),
        ...truststorePatches(previous, properties),
      ],
    });
    const ResourceArn = made.domainNameArn;
    const wanted = tagMap(context.tags, properties.Tags) ?? {};
    const { Tags = {} } = await call.invoke('apigatewayv2', 'GetTags', { ResourceArn });
    const TagKeys = Object.keys(Tags).filter((key) => wanted[key] === undefined);
    if (TagKeys.length > 0) await call.invoke('apigatewayv2', 'UntagResource', { ResourceArn, TagKeys });
    if (Object.keys(wanted).length > 0)
      await call.invoke('apigatewayv2', 'TagResource', { ResourceArn, Tags: wanted });
    return provisioned(made);
  },
  async delete({ call, physicalId }) {
    await gone(call.invoke('apigateway', 'DeleteDomainName', { domainName: physicalId }));
  },
});

const typeOf = ({ EndpointConfiguration }: Properties) => EndpointConfiguration?.Types?.[0] ?? 'EDGE';

/** An empty URI turns mutual TLS off; a template without a version means the latest. */
function truststorePatches(
  { MutualTlsAuthentication: before }: Properties,
  { MutualTlsAuthentication: after }: Properties,
): PatchOperation[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [
    replace('/mutualTlsAuthentication/truststoreUri', after?.TruststoreUri ?? ''),
    replace('/mutualTlsAuthentication/truststoreVersion', after?.TruststoreVersion ?? ''),
  ];
}

const provisioned = (made: DomainName) => ({
  physicalId: made.domainName ?? '',
  attributes: {
    DomainNameArn: made.domainNameArn,
    DistributionDomainName: made.distributionDomainName,
    DistributionHostedZoneId: made.distributionHostedZoneId,
    RegionalDomainName: made.regionalDomainName,
    RegionalHostedZoneId: made.regionalHostedZoneId,
  },
});

interface MappingProperties {
  DomainName: string;
  RestApiId?: string;
  BasePath?: string;
  Stage?: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-basepathmapping.html */
export const basePathMapping = defineResource<MappingProperties>({
  type: 'AWS::ApiGateway::BasePathMapping',
  properties: { DomainName: true, RestApiId: true, BasePath: true, Stage: true },
  async create({ call, properties }) {
    const made = await call.invoke('apigateway', 'CreateBasePathMapping', {
      domainName: properties.DomainName,
      restApiId: properties.RestApiId,
      basePath: properties.BasePath,
      stage: properties.Stage,
    });
    return { physicalId: `${properties.DomainName}|${made.basePath}` };
  },
  async update({ call, physicalId, previous, properties }) {
    const patchOperations = [
      ...(previous.RestApiId === properties.RestApiId
        ? []
        : [replace('/restapiId', properties.RestApiId ?? '')]),
      ...(previous.Stage === properties.Stage ? [] : [replace('/stage', properties.Stage ?? '')]),
    ];
    await call.invoke('apigateway', 'UpdateBasePathMapping', {
      domainName: properties.DomainName,
      basePath: physicalId.split('|')[1],
      patchOperations,
    });
    return { physicalId };
  },
  async delete({ call, physicalId, properties }) {
    const where = { domainName: properties.DomainName, basePath: physicalId.split('|')[1] };
    await gone(call.invoke('apigateway', 'DeleteBasePathMapping', where));
  },
});
