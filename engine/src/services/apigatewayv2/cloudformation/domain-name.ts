import type { DomainNameConfiguration, MutualTlsAuthenticationInput } from '@aws-sdk/client-apigatewayv2';
import { type Call, defineResource } from '../../../kernel';
import { gone, retag, tagMap } from './values';

interface Properties {
  DomainName: string;
  DomainNameConfigurations?: DomainNameConfiguration[];
  MutualTlsAuthentication?: MutualTlsAuthenticationInput;
  RoutingMode?: 'API_MAPPING_ONLY';
  Tags?: Record<string, string>;
}

export const domainName = defineResource<Properties>({
  type: 'AWS::ApiGatewayV2::DomainName',
  properties: {
    DomainName: true,
    DomainNameConfigurations: {
      CertificateArn: true,
      CertificateName: true,
      EndpointType: true,
      IpAddressType: true,
      OwnershipVerificationCertificateArn: true,
      SecurityPolicy: true,
    },
    MutualTlsAuthentication: { TruststoreUri: true, TruststoreVersion: true },
    RoutingMode: true,
    Tags: true,
  },
  async create(context) {
    const { call, properties } = context;
    const Tags = tagMap(context.tags, properties.Tags);
    await call.invoke('apigatewayv2', 'CreateDomainName', { ...properties, Tags });
    return provisioned(call, properties.DomainName);
  },
  async update(context) {
    const { call, physicalId: DomainName, previous, properties } = context;
    const { DomainNameConfigurations, RoutingMode } = properties;
    await call.invoke('apigatewayv2', 'UpdateDomainName', {
      DomainName,
      DomainNameConfigurations,
      MutualTlsAuthentication: changed(previous, properties),
      RoutingMode,
    });
    await retag(call, `/domainnames/${DomainName}`, tagMap(context.tags, properties.Tags));
    return provisioned(call, DomainName);
  },
  async delete({ call, physicalId: DomainName }) {
    await gone(call.invoke('apigatewayv2', 'DeleteDomainName', { DomainName }));
  },
});

/** An empty URI turns mutual TLS off; a template without a version means the latest. */
function changed(
  { MutualTlsAuthentication: before }: Properties,
  { MutualTlsAuthentication: after }: Properties,
) {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  return { TruststoreUri: '', TruststoreVersion: '', ...after };
}

async function provisioned(call: Call, DomainName: string) {
  const made = await call.invoke('apigatewayv2', 'GetDomainName', { DomainName });
  const [configuration] = made.DomainNameConfigurations ?? [];
  return {
    physicalId: DomainName,
    attributes: {
      DomainNameArn: made.DomainNameArn,
      RegionalDomainName: configuration?.ApiGatewayDomainName,
      RegionalHostedZoneId: configuration?.HostedZoneId,
    },
  };
}
