import { type Call, isAwsError } from '../../kernel';
import { invalid } from './errors';
import type { FunctionVersion } from './store';

/** What of a function has Lambda act as its role. */
type Demanding = Pick<FunctionVersion, 'functionName' | 'role' | 'roleId' | 'vpc' | 'tracingMode'>;

const lacking = (operation: string, service: string) =>
  invalid(`The provided execution role does not have permissions to call ${operation} on ${service}`);

/**
 * Lambda tries with the role what it will do with it: joining a VPC and sending traces are refused at once.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 * https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export async function checkRolePermissions(version: Demanding, call: Call): Promise<void> {
  if (version.vpc?.vpcId) await mayJoin(version.vpc, version, call);
  if (version.tracingMode !== 'Active') return;
  if (!(await call.may(sessionOf(version, call), 'xray:PutTraceSegments', '*')))
    throw lacking('PutTraceSegments', 'XRAY');
}

function sessionOf({ role, roleId, functionName }: Demanding, call: Call) {
  return call.parts.identity.roleSession(role, roleId, functionName);
}

async function mayJoin(vpc: NonNullable<Demanding['vpc']>, version: Demanding, call: Call): Promise<void> {
  const as = sessionOf(version, call);
  const Groups = vpc.securityGroupIds;
  for (const SubnetId of vpc.subnetIds) {
    const input = { SubnetId, Groups, DryRun: true };
    await tried('CreateNetworkInterface', () => call.invoke('ec2', 'CreateNetworkInterface', input, { as }));
  }
  await tried('DescribeNetworkInterfaces', () =>
    call.invoke('ec2', 'DescribeNetworkInterfaces', { DryRun: true }, { as }),
  );
  // Which interfaces it will be, nobody knows yet.
  if (!(await call.may(as, 'ec2:DeleteNetworkInterface', '*')))
    throw lacking('DeleteNetworkInterface', 'EC2');
}

async function tried(operation: string, dryRun: () => Promise<unknown>): Promise<void> {
  try {
    await dryRun();
  } catch (error) {
    if (isAwsError(error, 'UnauthorizedOperation')) throw lacking(operation, 'EC2');
    // Whether it would have succeeded otherwise, such as by a free address, is known when it is tried.
    if (!isAwsError(error)) throw error;
  }
}
