import { type Call, isAwsError, type Needed, passRole } from '../../../kernel';
import { onFunction } from './function-needs';
import { onLayerVersionArn } from './layer-needs';

interface Configuration {
  FunctionName?: string | undefined;
  Role?: string | undefined;
  Layers?: string[] | undefined;
  VpcConfig?: { SubnetIds?: string[] | undefined; SecurityGroupIds?: string[] | undefined } | undefined;
  Tags?: Record<string, string> | undefined;
}

/**
 * What it takes to say how a function is: to hand over its role and to read its layers, too.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
 */
export async function configuring(call: Call, action: string, input: Configuration): Promise<Needed[]> {
  const { SubnetIds, SecurityGroupIds } = input.VpcConfig ?? {};
  const keys = {
    'lambda:Layer': filled(input.Layers),
    'lambda:SubnetIds': filled(SubnetIds),
    'lambda:SecurityGroupIds': filled(SecurityGroupIds),
    'lambda:VpcIds': await vpcsOf(call, filled(SubnetIds)),
  };
  const own = { FunctionName: input.FunctionName };
  const needed = onFunction(call, action, own, keys);
  const tags = Object.keys(input.Tags ?? {}).length > 0;
  return [
    needed,
    ...(tags ? [onFunction(call, 'TagResource', own)] : []),
    ...(input.Role === undefined ? [] : [handing(call, input.Role, needed.resource)]),
    ...(input.Layers ?? []).map((layer) => onLayerVersionArn(call, 'GetLayerVersion', layer)),
  ];
}

function handing(call: Call, role: string, resource: string): Needed {
  const needed = passRole(call, role, 'lambda.amazonaws.com');
  return { ...needed, keys: { ...needed.keys, 'iam:AssociatedResourceArn': resource } };
}

const filled = (list: string[] | undefined): string[] | undefined => (list?.length ? list : undefined);

async function vpcsOf(call: Call, subnets: string[] | undefined): Promise<string[] | undefined> {
  if (!subnets) return undefined;
  try {
    const { Subnets } = await call.invoke(
      'ec2',
      'DescribeSubnets',
      { SubnetIds: subnets },
      { as: call.parts.identity.servicePrincipal('lambda.amazonaws.com', call.account) },
    );
    return [...new Set((Subnets ?? []).flatMap(({ VpcId }) => VpcId ?? []))];
  } catch (error) {
    // Subnets that are not there lie in no VPC; the operation says that they are not.
    if (isAwsError(error)) return undefined;
    throw error;
  }
}
