import { AwsError, type Call, type Operation } from '../../kernel';
import { describe, type Filters } from './describe';
import { limit } from './errors';
import { all, collectionOf, find, findAll, hasDependencies, newId, put } from './kinds';
import type { InternetGateway } from './records';
import { addTags, removeTags, tagsFor, tagsOf } from './tag-store';

const MOST_GATEWAYS = 5;

export const createInternetGateway: Operation<'ec2', 'CreateInternetGateway'> = (input, call) => {
  if (collectionOf(call, 'internetGateway').count() >= MOST_GATEWAYS) {
    throw limit('InternetGatewayLimitExceeded', 'internet gateways');
  }
  const gateway: InternetGateway = { id: newId(call, 'internetGateway') };
  const tags = tagsFor('internet-gateway', input.TagSpecifications);
  call.store.transaction(() => {
    put(call, 'internetGateway', gateway);
    addTags(call, gateway.id, tags);
  });
  return { InternetGateway: showGateway(call, gateway) };
};

const FILTERS: Filters<InternetGateway> = {
  'attachment.state': (gateway) => (gateway.vpc === undefined ? undefined : 'available'),
  'attachment.vpc-id': (gateway) => gateway.vpc,
  'internet-gateway-id': (gateway) => gateway.id,
};

export const describeInternetGateways: Operation<'ec2', 'DescribeInternetGateways'> = (input, call) => {
  const gateways = input.InternetGatewayIds?.length
    ? findAll(call, 'internetGateway', input.InternetGatewayIds)
    : all(call, 'internetGateway');
  const { items, next } = describe(call, input, gateways, { ...FILTERS, 'owner-id': () => call.account });
  return { InternetGateways: items.map((gateway) => showGateway(call, gateway)), ...next };
};

export const attachInternetGateway: Operation<'ec2', 'AttachInternetGateway'> = (input, call) => {
  const gateway = find(call, 'internetGateway', input.InternetGatewayId!);
  const vpc = find(call, 'vpc', input.VpcId!);
  if (gateway.vpc !== undefined) {
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `resource ${gateway.id} is already attached to network ${gateway.vpc}`,
    );
  }
  if (all(call, 'internetGateway').some((other) => other.vpc === vpc.id)) {
    throw new AwsError('InvalidParameterValue', `Network ${vpc.id} already has an internet gateway attached`);
  }
  put(call, 'internetGateway', { ...gateway, vpc: vpc.id });
  return {};
};

export const detachInternetGateway: Operation<'ec2', 'DetachInternetGateway'> = (input, call) => {
  const { vpc, ...gateway } = find(call, 'internetGateway', input.InternetGatewayId!);
  find(call, 'vpc', input.VpcId!);
  if (vpc !== input.VpcId) {
    throw new AwsError(
      'Gateway.NotAttached',
      `resource ${gateway.id} is not attached to network ${input.VpcId}`,
    );
  }
  const mapped = all(call, 'natGateway').some(
    (nat) => nat.vpc === vpc && !nat.deleted && nat.publicIp !== undefined,
  );
  if (mapped) {
    throw new AwsError(
      'DependencyViolation',
      `Network ${vpc} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  }
  put(call, 'internetGateway', gateway);
  return {};
};

export const deleteInternetGateway: Operation<'ec2', 'DeleteInternetGateway'> = (input, call) => {
  const gateway = find(call, 'internetGateway', input.InternetGatewayId!);
  if (gateway.vpc !== undefined) throw hasDependencies('internetGateway', gateway.id);
  call.store.transaction(() => {
    collectionOf(call, 'internetGateway').remove(gateway.id);
    removeTags(call, gateway.id, undefined);
  });
  return {};
};

function showGateway(call: Call, gateway: InternetGateway) {
  return {
    // A gateway's attachment is "available", whatever the model's enum says.
    Attachments: gateway.vpc === undefined ? [] : [{ State: 'available' as 'attached', VpcId: gateway.vpc }],
    InternetGatewayId: gateway.id,
    OwnerId: call.account,
    Tags: tagsOf(call, gateway.id),
  };
}
